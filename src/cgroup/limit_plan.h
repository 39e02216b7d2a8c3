// The limits of linux.resources, each in the directory that has its controller; pure.
#pragma once

#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/present.h"

namespace sampan {

// A warning for each limit that cgroup v2 has nothing like, and that every runtime passes over
// there: those of kernel memory, which counts as memory.
std::vector<Problem> limits_passed_over(const spec::Resources& resources,
                                        const std::vector<CgroupDirectory>& directories);

// Adds everything of `resources` but devices to `directories`, whose places and controllers stand
// already: their writes, and the check of what is in use. A directory that gets a write becomes
// `required`. The error about a missing controller names it and the field.
Status plan_limits(const spec::Resources& resources,
                   const PresentLimits& present,
                   std::vector<CgroupDirectory>& directories);

}  // namespace sampan
