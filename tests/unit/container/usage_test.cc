#include "container/usage.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("network devices: what was received and sent, but not by the loopback device") {
    const std::vector<NetworkUsage> networks = parse_network_devices(
        "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs\n"
        "    lo:     840      10    0    0    0     0          0         0      840      10    0 0 "
        "0 0 0 0\n"
        "  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
    CHECK(networks == std::vector<NetworkUsage>{{"eth0", {1, 2, 3, 4}, {9, 10, 11, 12}}});
}

TEST_CASE("network devices: lines that are none are left out") {
    CHECK(parse_network_devices("").empty());
    CHECK(parse_network_devices("eth0: 1 2 3\n").empty());
}
