// linux.resources as writes to the files of cgroup v1; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"
#include "cgroup/values.h"

namespace sampan {

// Everything of `resources` but devices and unified, in the order in which a cgroup takes it that
// has the `present` limits (none: a new one).
// Values are those of config.json, which speaks cgroup v1. kernel and kernelTCP are ignored, as
// config-linux.md#memory allows (kernels do not have them any more).
Result<std::vector<CgroupWrite>> plan_resources_v1(const spec::Resources& resources,
                                                   const PresentLimits& present);

}  // namespace sampan
