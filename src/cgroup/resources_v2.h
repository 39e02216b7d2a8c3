// linux.resources as writes to the files of cgroup v2; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"
#include "cgroup/present.h"

namespace sampan {

// Everything of `resources` but devices, `unified` last, in the order in which a cgroup takes
// it that has the `present` limits (none: a new one). Values are converted from those of cgroup v1;
// what has no like in v2 (swappiness, leafWeight, network, real-time limits, disableOOMKiller) is
// an error, as config-linux.md#unified demands.
Result<std::vector<CgroupWrite>> plan_resources_v2(const spec::Resources& resources,
                                                   const PresentLimits& present);

}  // namespace sampan
