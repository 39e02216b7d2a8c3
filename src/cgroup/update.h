// Changes the limits of an existing container's cgroups.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "cgroup/values.h"

namespace sampan {

// Where limits can be written: the directories of the record, with the controllers that they have
// now. On cgroup v2 this is read, because a controller may not have been enabled.
Result<std::vector<CgroupDirectory>> existing_directories(const CgroupRecord& record);

// Pure. What is absent in `resources` stays as it is; zeros that mean "absent" have been removed
// (spec::without_unset). Devices are not changed, because something else may have changed them
// since (such as the plugin of a GPU).
Result<CgroupPlan> plan_update(const spec::Resources& resources,
                               const PresentLimits& present,
                               std::vector<CgroupDirectory> directories);

// Changes all or nothing. If the container has a unit, systemd is told too. The result is for
// take_back(), in case a later step fails.
Result<std::vector<CgroupChange>> apply_update(const CgroupPlan& plan, const CgroupRecord& record);

}  // namespace sampan
