// Stops all processes of an existing container, and lets them go on.
#pragma once

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Returns once all processes are frozen. It is an error if the container has no cgroup that can
// freeze.
Status freeze(const CgroupRecord& record);
Status thaw(const CgroupRecord& record);
// False also if nothing can freeze.
Result<bool> is_frozen(const CgroupRecord& record);

// The place where processes are frozen. cgroup2 is preferred, because it needs no controller for
// it, and because frozen processes can be killed and traced. Null if there is no such place.
const CgroupPlace* freezing_place(const CgroupRecord& record);
// Succeeds also if the cgroup is gone.
Status thaw_place(const CgroupPlace& place);

}  // namespace sampan
