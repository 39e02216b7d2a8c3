// The allowed device list as writes to devices.deny and devices.allow of cgroup v1; pure.
#pragma once

#include <vector>

#include "cgroup/plan.h"

namespace sampan {

// The kernel keeps one default and a set of exceptions from it, and a write changes only the
// exception with exactly its numbers, so that the writes in their order would not mean "the last
// match wins". Therefore the result of all rules is worked out first: a default, then exceptions.
// Error: a rule that takes a part out of an earlier, wider one, which no such set can say. Of a
// rule that denies a single device all access, "m" is passed over where the standard rules allow
// to make any node.
//
// The first write sets the default and clears what the new cgroup inherited from its parent.
Result<std::vector<CgroupWrite>> plan_devices_v1(const std::vector<spec::DeviceRule>& configured);

}  // namespace sampan
