#include "os/trace.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

Fd& trace_file() {
    static Fd file;
    return file;
}

}  // namespace

Status open_trace(const std::string& path) {
    Fd file = TRY(open_at(cwd, path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0644)
                      .in("opening the file of the trace"));
    // Above the descriptors that a caller passes to the program (sd_listen_fds(3)).
    constexpr int far = 512;
    const int moved = ::fcntl(file.get(), F_DUPFD_CLOEXEC, far);
    trace_file() = moved < 0 ? std::move(file) : Fd(moved);
    return {};
}

bool is_traced() {
    return trace_file().valid();
}

int trace_descriptor() {
    return trace_file().get();
}

void trace(std::string_view object) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    constexpr int64_t second = 1'000'000'000;
    const std::string line =
        format("{{\"time\":{},{}\n", now.tv_sec * second + now.tv_nsec, object.substr(1));
    [[maybe_unused]] const ssize_t written = ::write(trace_descriptor(), line.data(), line.size());
}

}  // namespace sampan
