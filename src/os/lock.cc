#include "os/lock.h"

#include <sys/file.h>

#include <cerrno>

#include "base/text.h"

namespace sampan {

Result<Lock> Lock::wait_for(Fd folder, int kind) {
    while (::flock(folder.get(), kind) < 0)
        if (errno != EINTR) return fail_errno("locking the container's folder");
    return Lock(std::move(folder));
}

Result<Lock> Lock::take(Fd folder) {
    return wait_for(std::move(folder), LOCK_EX);
}

Result<Lock> Lock::take_shared(Fd folder) {
    return wait_for(std::move(folder), LOCK_SH);
}

Result<std::optional<Lock>> Lock::try_take(Fd folder) {
    while (::flock(folder.get(), LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (errno != EINTR) return fail_errno("locking the container's folder");
    }
    return Lock(std::move(folder));
}

}  // namespace sampan
