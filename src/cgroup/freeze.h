// Stopping all processes of an existing container, and letting them go on.
#pragma once

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Returns once all processes are frozen. An error when the container has no cgroup that can freeze.
Status freeze(const CgroupRecord& record);
Status thaw(const CgroupRecord& record);
// False also where nothing can freeze.
Result<bool> is_frozen(const CgroupRecord& record);

// Where it is done. cgroup2 freezes also without controllers, and better: what it froze can be
// killed and traced. Null where nothing can.
const CgroupPlace* freezing_place(const CgroupRecord& record);
// Succeeds when the cgroup is gone.
Status thaw_place(const CgroupPlace& place);

}  // namespace sampan
