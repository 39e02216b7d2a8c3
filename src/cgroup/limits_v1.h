// linux.resources as writes to the files of cgroup v1; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"
#include "cgroup/values.h"

namespace sampan {

// Everything of `resources` except devices and unified, in an order in which a cgroup accepts it
// that has the limits `present` (none: a new one). The values are those of config.json, which are
// values of cgroup v1. kernel and kernelTCP are ignored, as config-linux.md#memory allows (kernels
// do not have them any more).
Result<std::vector<CgroupWrite>> plan_resources_v1(const spec::Resources& resources,
                                                   const PresentLimits& present);

}  // namespace sampan
