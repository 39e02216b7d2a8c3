#include "cli/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

#include "base/text.h"
#include "os/close_on_exec.h"
#include "os/file.h"

namespace sampan {

namespace {

// A number that is not open could become one of our own descriptors, and go to the program as
// that. So it is taken until the program is executed.
Status take_number(int fd) {
    Fd any = TRY(open_at(cwd, "/dev/null", O_RDONLY));
    if (any.get() == fd) {
        (void)any.release();
        return {};
    }
    if (::dup3(any.get(), fd, O_CLOEXEC) < 0) return fail_errno("taking the descriptor {}", fd);
    return {};
}

}  // namespace

Result<int> keep_descriptors(Invocation& invocation, int listen_fds) {
    const Parsed& parsed = invocation.parsed;
    constexpr int first = 3;
    const std::string text = parsed.has("preserve-fds") ? parsed.text("preserve-fds") : "0";
    const std::optional<int> asked = parse_number<int>(text);
    if (!asked || *asked < 0 || *asked > most_preserved_fds)
        return failf(ErrorKind::usage, "--preserve-fds takes a number up to {}, not \"{}\"",
                     most_preserved_fds, text);
    const int count = listen_fds + *asked;
    int missing = 0;
    for (int fd = first; fd < first + count; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0) continue;
        if (missing == 0) missing = fd;
        TRY(take_number(fd));
    }
    if (missing != 0)
        invocation.reporter.warning(
            Error(format("descriptor {} is to be kept for the program, but is not open", missing)));
    TRY(close_on_exec_from(first + count));
    return count;
}

}  // namespace sampan
