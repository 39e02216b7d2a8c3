#include "linux/net_devices.h"

#include <doctest/doctest.h>

#include "checked.h"

using namespace sampan;
using namespace sampan::testing;

TEST_CASE("network devices: each becomes a step with the name inside and its place") {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->namespaces = {{spec::NamespaceType::network, {}}};
    spec.linux_->net_devices = {{"eth0", {"inside0"}}, {"eth1", {}}};
    const Result<std::vector<MoveNetDevice>> steps = plan_net_devices(checked(spec));
    REQUIRE(steps);
    CHECK(*steps == std::vector<MoveNetDevice>{
                        {"eth0", "inside0", "/linux/netDevices/eth0"},
                        {"eth1", "eth1", "/linux/netDevices/eth1"},
                    });
    CHECK(describe(steps->at(0)) == "move the network device eth0 as inside0");
    CHECK(describe(steps->at(1)) == "move the network device eth1");
}

TEST_CASE("network devices: without a network namespace to go to they are an error") {
    Spec spec;
    spec.linux_.emplace().net_devices = {{"eth0", {}}};
    const Result<std::vector<MoveNetDevice>> steps = plan_net_devices(checked(spec));
    REQUIRE_FALSE(steps);
    CHECK(steps.error().pointer() == "/linux/netDevices/eth0");
}

TEST_CASE(
    "network devices: a name that is taken is an error, a template gets the first free number") {
    CHECK(*choose_device_name("eth0", {"lo"}) == "eth0");
    CHECK(choose_device_name("lo", {"lo"}).error().code() == EEXIST);
    CHECK(*choose_device_name("eth%d", {"lo"}) == "eth0");
    CHECK(*choose_device_name("eth%d", {"eth1", "lo", "eth0", "eth3"}) == "eth2");
    CHECK_FALSE(choose_device_name("fifteen-letters%d", {"lo"}));
    CHECK(*choose_device_name("a%db", {"a0b"}) == "a1b");
}
