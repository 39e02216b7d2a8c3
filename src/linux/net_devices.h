// linux.netDevices (config-linux.md#network-devices): devices of the host's network namespace that
// go into the container's.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/net_routes.h"
#include "os/fd.h"
#include "os/netlink.h"
#include "spec/config.h"

namespace sampan {

struct MoveNetDevice {
    std::string host_name;
    std::string name;  // inside; may have one %d: the first free number
    std::string origin;
    bool operator==(const MoveNetDevice&) const = default;
};

// Pure. An error without a network namespace for them to go to.
Result<std::vector<MoveNetDevice>> plan_net_devices(const Spec& spec);
std::string describe(const MoveNetDevice& step);

// "eth%d" → the first of eth0, eth1 … that is not among `taken`; another name is itself. An error
// where it is taken (config-linux.md#network-devices: MUST). The %d may stand anywhere, as the
// kernel has it. Pure.
Result<std::string> choose_device_name(const std::string& wanted,
                                       const std::vector<std::string>& taken);

// The devices of one container on their way. Those that were moved come back, with name, all
// addresses, routes through them and state, unless release() is called: a create that fails leaves
// the host as it was.
class NetDeviceMove {
  public:
    NetDeviceMove() = default;
    NetDeviceMove(const NetDeviceMove&) = delete;
    NetDeviceMove& operator=(const NetDeviceMove&) = delete;
    NetDeviceMove(NetDeviceMove&&) = delete;
    NetDeviceMove& operator=(NetDeviceMove&&) = delete;
    ~NetDeviceMove();

    // Into the network namespace of `pid`, seen in `proc` (a checked procfs): moved, renamed, with
    // their permanent global addresses, and up. Nothing is moved unless all devices are there and
    // all names are free. Needs CAP_NET_ADMIN in both namespaces.
    Status move(const std::vector<MoveNetDevice>& steps, int proc, pid_t pid);
    void release() { moved_.clear(); }

  private:
    struct Moved {
        std::string host_name;
        std::string name;
        int index = 0;                          // on the host
        std::vector<int> before;                // numbers of the devices that were inside
        std::vector<NetlinkMessage> addresses;  // all that it had
        bool was_up = false;
    };
    Result<std::vector<Moved>> foresee(const std::vector<MoveNetDevice>& steps) const;
    Status move_one(Moved device);
    std::optional<int> bring_back(const Moved& moved) const;

    Fd host_netns_;
    Fd container_netns_;
    std::optional<Netlink> host_;
    std::optional<Netlink> container_;
    std::vector<NetlinkMessage> routes_;  // through any of them, on the host
    std::vector<Moved> moved_;
};

}  // namespace sampan
