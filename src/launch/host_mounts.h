// The undoing of mounts that a container without a mount namespace of its own has made
// (mounts/host_mounts.h), wherever it was created.
#pragma once

#include "base/result.h"
#include "mounts/host_mounts.h"

namespace sampan {

// As remove_host_mounts(), in the mount namespace that the container was created in: ours, or
// through a process in between. Where that one is gone there is nothing to be undone.
Status undo_host_mounts(int proc, const HostMountsRecord& record);

}  // namespace sampan
