// The routes through devices that leave a network namespace, and how they are given back.
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "os/netlink.h"

namespace sampan {

// The number that a device had, and the one that it has now.
using DeviceNumbers = std::map<int, int>;

// The routes over at least one of `devices`, and the nexthop objects that they go by
// (ip-nexthop(8)), in the order in which they can be added. Not those that the kernel makes itself
// with addresses and state.
Result<std::vector<NetlinkMessage>> list_routes(const Netlink& netlink,
                                                const std::vector<int>& devices);

// Best effort: adds what is missing of `routes`, as list_routes() gave it; only a resilient group
// of nexthop objects that has lost all its members stays away.
void add_routes(const Netlink& netlink,
                const std::vector<NetlinkMessage>& routes,
                const DeviceNumbers& now);

}  // namespace sampan
