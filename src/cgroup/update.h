// Other limits for the cgroups of a container that exists.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "cgroup/values.h"

namespace sampan {

// Where limits can be written: the directories of the record, with the controllers that they have
// now. Reads which those are on cgroup v2, where a controller may not have been enabled.
Result<std::vector<CgroupDirectory>> existing_directories(const CgroupRecord& record);

// Pure. What is absent in `resources` stays as it is; zeros that mean "absent" are gone already
// (spec::without_unset). Devices are left alone: something else may have changed them since (a
// GPU's plugin does).
Result<CgroupPlan> plan_update(const spec::Resources& resources,
                               const PresentLimits& present,
                               std::vector<CgroupDirectory> directories);

// All or nothing. systemd is told as well, where the container has a unit. The answer is for
// take_back(), should a later step fail.
Result<std::vector<CgroupChange>> apply_update(const CgroupPlan& plan,
                                               const std::optional<UnitRecord>& unit);

}  // namespace sampan
