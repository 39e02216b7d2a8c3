// The routes through devices that leave a network namespace, and how they are restored.
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "os/netlink.h"

namespace sampan {

// The number that a device had, and its present number.
using DeviceNumbers = std::map<int, int>;

// The routes through at least one of `devices`, and the nexthop objects that these routes use
// (ip-nexthop(8)), in an order in which they can be added. Leaves out those that the kernel itself
// makes for addresses and state.
Result<std::vector<NetlinkMessage>> list_routes(const Netlink& netlink,
                                                const std::vector<int>& devices);

// Adds what is missing of `routes`, which list_routes() has returned, as far as possible: only a
// resilient group of nexthop objects that has lost all its members is not restored.
void add_routes(const Netlink& netlink,
                const std::vector<NetlinkMessage>& routes,
                const DeviceNumbers& now);

}  // namespace sampan
