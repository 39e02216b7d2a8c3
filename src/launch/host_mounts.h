// Removes mounts that a container without a mount namespace of its own has made
// (mounts/host_mounts.h), in whatever namespace it was created.
#pragma once

#include "base/result.h"
#include "mounts/host_mounts.h"

namespace sampan {

// Like remove_host_mounts(), in the mount namespace in which the container was created: ours, or
// another one through a process in between. If that namespace is gone, there is nothing to undo.
Status undo_host_mounts(int proc, const HostMountsRecord& record);

}  // namespace sampan
