// Making a container's directory in one hierarchy ready for its first process.
#pragma once

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"

namespace sampan {

// Makes the directories of `place.path` that are missing, and counts them in `place.made` as it
// goes, so that a failure can be undone. Those above the container's own are marked (owner.h).
Status make_path(CgroupPlace& place);

// Error when a cgroup that was there before has processes (config-linux.md#control-groups): a
// container would be limited and killed with strangers.
Status check_unused(const CgroupPlace& place);

// Error when the cgroup is frozen, or one above it, which holds for new ones too: init would stop
// before its first step, and everybody would wait for it.
Status check_not_frozen(const CgroupPlace& place);

// v2: enables `directory.controllers` on the way to the container's cgroup. Those that nothing asks
// for may fail.
Status enable_controllers(const CgroupDirectory& directory);

// v2 without privilege: whether the kernel will let us move a process from our cgroup to the new
// one (cgroups(7), delegation containment).
Status check_may_move(const CgroupDirectory& directory);

// v1: cpuset.cpus and cpuset.mems of a new cgroup are empty, and it takes no process until they are
// filled; each level that is empty gets its parent's.
Status fill_cpuset(const CgroupPlace& place);

}  // namespace sampan
