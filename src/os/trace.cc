#include "os/trace.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
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
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_NONBLOCK;
    Fd file = TRY(open_at(cwd, path, flags, 0644).in("opening the file of the trace"));
    // A pipe could make us wait, and end us when nobody reads it any more.
    if (!S_ISREG(TRY(stat_of(file.get())).st_mode))
        return failf(ErrorKind::usage, "the trace needs a regular file, which {} is not", path);
    // Above the descriptors that a caller passes to the program (sd_listen_fds(3)).
    constexpr int far = 512;
    const int moved = ::fcntl(file.get(), F_DUPFD_CLOEXEC, far);
    trace_file() = moved < 0 ? std::move(file) : Fd(moved);
    return {};
}

bool is_traced() {
    return trace_file().valid();
}

void trace(std::string_view object) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    constexpr int64_t second = 1'000'000'000;
    const std::string line =
        format("{{\"time\":{},{}\n", now.tv_sec * second + now.tv_nsec, object.substr(1));
    // The container's limit of file sizes may be ours by now, and a file that is too large for it
    // would end us.
    struct sigaction ignore {};
    struct sigaction before {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &ignore, &before);
    [[maybe_unused]] const ssize_t written = ::write(trace_file().get(), line.data(), line.size());
    ::sigaction(SIGXFSZ, &before, nullptr);
}

}  // namespace sampan
