#include "os/mount_aside.h"

#include <sched.h>
#include <sys/mount.h>

#include "base/text.h"
#include "os/beside.h"
#include "os/mount_api.h"

namespace sampan {

namespace {

// On the host's /proc: this folder surely exists, and has no name in the container's root.
Result<Fd> make_there(const std::function<Result<Fd>(const char* place)>& make) {
    constexpr const char* place = "/proc";
    if (::unshare(CLONE_NEWNS) < 0) return fail_errno("making a mount namespace");
    TRY(change_propagation(place, MS_PRIVATE));
    return make(place);
}

}  // namespace

Result<Fd> mount_aside(const std::function<Result<Fd>(const char* place)>& make) {
    return open_beside("mounts", [&] { return make_there(make); });
}

}  // namespace sampan
