// Making a container's directory in one hierarchy ready for its first process.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"

namespace sampan {

// For a place that cannot be the container's, because it is somebody else's.
constexpr std::string_view other_place_hint =
    "give this container another ID (--id) or another linux.cgroupsPath";

// Makes the missing directories of `place.path`, and counts them in `place.made` meanwhile, so that
// a failure can be undone. Those above the container's own are marked (owner.h).
Status make_path(CgroupPlace& place);

// An error if an existing cgroup has processes (config-linux.md#control-groups): the container
// would be limited and killed together with them.
Status check_unused(const CgroupPlace& place);

// An error if the cgroup or one above it is frozen, which affects new cgroups too: init would stop
// before its first step, and everybody would wait for it.
Status check_not_frozen(const CgroupPlace& place);

// v2: moves us from our cgroup `own` to `aside`, which is below it, if no other process is in
// `own`. Others are not moved, because they do not expect it.
void step_aside(const std::string& own, const std::string& aside);

// v2: enables `directory.controllers` on the way to the container's cgroup. Controllers that
// nothing asks for may fail.
Status enable_controllers(const CgroupDirectory& directory);

// v2 without privilege: whether the kernel lets us move a process from our cgroup to the new one
// (cgroups(7), delegation containment).
Status check_may_move(const CgroupDirectory& directory);

// v1: cpuset.cpus and cpuset.mems of a new cgroup are empty, and it takes no process until they are
// filled. Each level that is empty gets the values of its parent.
Status fill_cpuset(const CgroupPlace& place);

}  // namespace sampan
