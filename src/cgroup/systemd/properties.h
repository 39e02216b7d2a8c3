// Limits as systemd's properties (systemd.resource-control(5)).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "cgroup/systemd/unit.h"

namespace sampan {

enum class UnitMoment : uint8_t {
    // The cgroup does not exist, so nobody knows which files it will have; and the helper that
    // keeps the unit alive will be in it.
    starting,
    running,  // the writes name files that exist
};

// Pure: the properties that correspond to the files that are written, of either version. The last
// write of a file counts. Files without a property are left out.
std::vector<UnitProperty> unit_properties(const std::vector<CgroupWrite>& writes,
                                          UnitMoment moment);
// Of everything that the plan writes, early and late, for the start.
std::vector<UnitProperty> unit_properties(const CgroupPlan& plan);

// Tells systemd properties of the container's unit, so that it does not write other limits when it
// is reloaded. At each such call systemd writes its own idea of every attribute to the unit's
// cgroup: defaults for what it was not told, hundredths of a CPU, no period without a quota. So the
// files are put back to what they had before the call. Does nothing if there is nothing to tell.
Status tell_unit(const CgroupRecord& record, const std::vector<UnitProperty>& properties);

}  // namespace sampan
