#include "cli/descriptors.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <unistd.h>

#include "base/text.h"

namespace sampan {

// Checked because a number that is not open could become one of our own descriptors.
Result<int> keep_descriptors(const Parsed& parsed, int listen_fds) {
    constexpr int first = 3;
    const std::string text = parsed.has("preserve-fds") ? parsed.text("preserve-fds") : "0";
    const std::optional<int> asked = parse_number<int>(text);
    if (!asked || *asked < 0 || *asked > most_preserved_fds)
        return failf(ErrorKind::usage, "--preserve-fds takes a number up to {}, not \"{}\"",
                     most_preserved_fds, text);
    const int count = listen_fds + *asked;
    for (int fd = first; fd < first + count; ++fd)
        if (::fcntl(fd, F_GETFD) < 0)
            return failf(ErrorKind::usage,
                         "descriptor {} is to be kept for the program, but is not open", fd);
    if (::close_range(static_cast<unsigned>(first + count), ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        return fail_errno("close_range");
    return count;
}

}  // namespace sampan
