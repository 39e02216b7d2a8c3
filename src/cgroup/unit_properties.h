// Limits as systemd's properties (systemd.resource-control(5)); pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"
#include "cgroup/unit.h"

namespace sampan {

// What systemd is told of the files of cgroup v2 that are written, the last write of a file counts.
// Files that are none of its properties are left out.
std::vector<UnitProperty> unit_properties(const std::vector<CgroupWrite>& writes);
// Of all that the plan writes, early and late.
std::vector<UnitProperty> unit_properties(const CgroupPlan& plan);

}  // namespace sampan
