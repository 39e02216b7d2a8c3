#include "launch/host_mounts.h"

#include <sched.h>

#include "os/beside.h"
#include "os/namespaces.h"

namespace sampan {

namespace {

// `proc` shows the mounts of its reader: after the change of namespace, the mounts there.
Status remove_there(int mount_namespace, int proc, const HostMountsRecord& record) {
    TRY(join_namespace(mount_namespace, CLONE_NEWNS));
    return remove_host_mounts(proc, record);
}

}  // namespace

Status undo_host_mounts(int proc, const HostMountsRecord& record) {
    if (TRY(are_in_our_namespace(proc, record))) return remove_host_mounts(proc, record);
    const Fd theirs = TRY(find_their_namespace(proc, record));
    if (!theirs.valid()) return {};
    // In another process: we could return to our namespace, but not to our root and working
    // directory.
    return run_beside("removes mounts where the container was created",
                      [&] { return remove_there(theirs.get(), proc, record); });
}

}  // namespace sampan
