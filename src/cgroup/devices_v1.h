// The allowed device list as writes to devices.deny and devices.allow of cgroup v1; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"

namespace sampan {

// The kernel keeps one default and a set of exceptions, and a write changes only the exception with
// exactly the same numbers. So if the rules were written in their order, it would not be true that
// the last match wins. Therefore the result of all rules is computed first: a default, then
// exceptions.
//
// It is an error if a rule takes a part out of an earlier, wider one: such a set cannot express it.
// One such case is allowed. If a rule denies a single device all access, its "m" is ignored where
// the standard rules allow to make any node.
//
// The first write sets the default, and clears what the new cgroup has inherited from its parent.
Result<std::vector<CgroupWrite>> plan_devices_v1(const std::vector<spec::DeviceRule>& configured);

}  // namespace sampan
