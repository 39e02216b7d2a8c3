#include "os/close_on_exec.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

// For kernels whose close_range(2) does not know CLOSE_RANGE_CLOEXEC (before Linux 5.11).
Status mark_each_from(int first) {
    for (const std::string& name : TRY(list_directory(cwd, "/proc/self/fd"))) {
        const std::optional<int> fd = parse_number<int>(name);
        // That of the folder itself is closed by now.
        if (fd && *fd >= first && ::fcntl(*fd, F_SETFD, FD_CLOEXEC) < 0 && errno != EBADF)
            return fail_errno("marking descriptor {} close-on-exec", *fd);
    }
    return {};
}

}  // namespace

Status close_on_exec_from(int first) {
    if (::close_range(static_cast<unsigned>(first), ~0U, CLOSE_RANGE_CLOEXEC) == 0) return {};
    if (errno == EINVAL || errno == ENOSYS) return mark_each_from(first);
    return fail_errno("close_range");
}

}  // namespace sampan
