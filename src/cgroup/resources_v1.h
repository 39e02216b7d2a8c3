// linux.resources as writes to the files of cgroup v1; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"

namespace sampan {

// Everything of `resources` but devices and unified, in the order in which a new cgroup takes it.
// Values are those of config.json, which speaks cgroup v1. kernel and kernelTCP are ignored, as
// config-linux.md#memory allows (kernels do not have them any more).
Result<std::vector<CgroupWrite>> plan_resources_v1(const spec::Resources& resources);

}  // namespace sampan
