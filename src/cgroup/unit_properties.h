// Limits as systemd's properties (systemd.resource-control(5)); pure.
#pragma once

#include <cstdint>
#include <vector>

#include "cgroup/plan.h"
#include "cgroup/unit.h"

namespace sampan {

enum class UnitMoment : std::uint8_t {
    // The cgroup is not there, so that nobody knows which files it will have; the helper that keeps
    // the unit alive is going to be in it.
    starting,
    running,  // the writes name files that exist
};

// What systemd is told of the files of cgroup v2 that are written, the last write of a file counts.
// Files that are none of its properties are left out.
std::vector<UnitProperty> unit_properties(const std::vector<CgroupWrite>& writes,
                                          UnitMoment moment);
// Of all that the plan writes, early and late, for the start.
std::vector<UnitProperty> unit_properties(const CgroupPlan& plan);

}  // namespace sampan
