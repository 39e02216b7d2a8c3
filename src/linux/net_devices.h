// linux.netDevices (config-linux.md#network-devices): devices of the host's network namespace that
// are moved into the container's.
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
    std::string name;  // inside; may contain one %d, the first free number
    std::string origin;
    bool operator==(const MoveNetDevice&) const = default;
};

// Pure. It is an error if the container has no network namespace for them.
Result<std::vector<MoveNetDevice>> plan_net_devices(const Spec& spec);
std::string describe(const MoveNetDevice& step);

// "eth%d" becomes the first of eth0, eth1 … that is not among `taken`; another name stays. It is an
// error if the name is taken (config-linux.md#network-devices: MUST). The %d may be anywhere, as in
// the kernel. Pure.
Result<std::string> choose_device_name(const std::string& wanted,
                                       const std::vector<std::string>& taken);

// Moves the devices of one container. Unless release() is called, those that were moved are brought
// back with their name, all addresses, the routes through them and their state: a create that fails
// leaves the host as it was.
class NetDeviceMove {
  public:
    NetDeviceMove() = default;
    NetDeviceMove(const NetDeviceMove&) = delete;
    NetDeviceMove& operator=(const NetDeviceMove&) = delete;
    NetDeviceMove(NetDeviceMove&&) = delete;
    NetDeviceMove& operator=(NetDeviceMove&&) = delete;
    ~NetDeviceMove();

    // Moves them into the network namespace of `pid`, found in `proc` (a checked procfs), renames
    // them, gives them their permanent global addresses, and sets them up. Nothing is moved unless
    // all devices exist and all names are free. Needs CAP_NET_ADMIN in both namespaces.
    Status move(const std::vector<MoveNetDevice>& steps, int proc, pid_t pid);
    void release() { moved_.clear(); }

  private:
    struct Moved {
        std::string host_name;
        std::string name;
        int index = 0;                          // on the host
        std::vector<int> before;                // numbers of the devices that were inside before
        std::vector<NetlinkMessage> addresses;  // all its addresses
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
