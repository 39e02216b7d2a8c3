// The limits of linux.resources, each in the directory that has its controller; pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/present.h"

namespace sampan {

// Adds everything of `resources` but devices to `directories`, whose places and controllers stand
// already: their writes, and the check of what is in use. A directory that gets a write becomes
// `required`. The error about a missing controller names it and the field.
Status plan_limits(const spec::Resources& resources,
                   const PresentLimits& present,
                   std::vector<CgroupDirectory>& directories);

}  // namespace sampan
