#include "linux/net_devices.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "linux/fail_at.h"
#include "os/file.h"
#include "spec/json.h"

namespace sampan {

namespace {

struct Device {
    int index = 0;
    std::string name;
    bool is_up = false;
};

std::string text_of(std::span<const std::byte> value) {
    const std::string text(reinterpret_cast<const char*>(value.data()), value.size());
    return text.substr(0, text.find('\0'));
}

Result<std::vector<Device>> list_devices(const Netlink& netlink) {
    std::vector<Device> devices;
    const NetlinkRequest request(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{});
    for (const NetlinkMessage& message : TRY(netlink.dump(request))) {
        if (message.type != RTM_NEWLINK) continue;
        const auto head = message.head<ifinfomsg>();
        Device device{head.ifi_index, "", (head.ifi_flags & IFF_UP) != 0};
        for (const NetlinkAttribute& attribute : message.attributes(sizeof head))
            if (attribute.type == IFLA_IFNAME) device.name = text_of(attribute.value);
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<Device> find_device(const Netlink& netlink, const std::string& name) {
    for (Device& device : TRY(list_devices(netlink)))
        if (device.name == name) return std::move(device);
    return fail(format("there is no network device {}", name), ENODEV);
}

// Global and permanent (config-linux.md#network-devices); others the kernel or a daemon makes anew.
Result<std::vector<NetlinkMessage>> list_addresses(const Netlink& netlink, int index) {
    std::vector<NetlinkMessage> found;
    const NetlinkRequest request(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{});
    for (NetlinkMessage& message : TRY(netlink.dump(request))) {
        const auto head = message.head<ifaddrmsg>();
        if (message.type != RTM_NEWADDR || static_cast<int>(head.ifa_index) != index) continue;
        uint32_t flags = head.ifa_flags;
        for (const NetlinkAttribute& attribute : message.attributes(sizeof head))
            if (attribute.type == IFA_FLAGS && attribute.value.size() == sizeof flags)
                std::memcpy(&flags, attribute.value.data(), sizeof flags);
        if (head.ifa_scope == RT_SCOPE_UNIVERSE && (flags & IFA_F_PERMANENT) != 0)
            found.push_back(std::move(message));
    }
    return found;
}

Status add_address(const Netlink& netlink, int index, const NetlinkMessage& address) {
    auto head = address.head<ifaddrmsg>();
    head.ifa_index = static_cast<uint32_t>(index);
    NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, head);
    for (const NetlinkAttribute& attribute : address.attributes(sizeof head)) {
        // The label holds the old name, the times are those of an address without an end.
        if (attribute.type == IFA_LABEL || attribute.type == IFA_CACHEINFO) continue;
        request.add(attribute.type, attribute.value);
    }
    return netlink.ask(std::move(request)).in("giving it its address");
}

Status set_up(const Netlink& netlink, int index) {
    ifinfomsg head{};
    head.ifi_index = index;
    head.ifi_flags = IFF_UP;
    head.ifi_change = IFF_UP;
    return netlink.ask(NetlinkRequest(RTM_NEWLINK, 0, head)).in("setting it up");
}

struct Side {
    const Netlink& netlink;
    int netns;
};

// The kernel takes a device down and its addresses off when it changes the namespace.
Status transfer(
    const Netlink& from, const Side& to, const Device& device, const std::string& name, bool up) {
    const std::vector<NetlinkMessage> addresses = TRY(list_addresses(from, device.index));
    ifinfomsg head{};
    head.ifi_index = device.index;
    NetlinkRequest request(RTM_NEWLINK, 0, head);
    request.add(IFLA_NET_NS_FD, to.netns);
    request.add(IFLA_IFNAME, name);
    TRY(from.ask(std::move(request)).in("moving it"));
    const Device moved = TRY(find_device(to.netlink, name));
    for (const NetlinkMessage& address : addresses)
        TRY(add_address(to.netlink, moved.index, address));
    if (up) TRY(set_up(to.netlink, moved.index));
    return {};
}

}  // namespace

Result<std::vector<MoveNetDevice>> plan_net_devices(const Spec& spec) {
    std::vector<MoveNetDevice> steps;
    if (!spec.linux_) return steps;
    const auto& namespaces = spec.linux_->namespaces;
    const bool separate = std::ranges::find(namespaces, spec::NamespaceType::network,
                                            &spec::Namespace::type) != namespaces.end();
    for (const auto& [host_name, device] : spec.linux_->net_devices) {
        const std::string origin = "/linux/netDevices" + pointer_part(host_name);
        if (!separate)
            return fail_at(origin, "a network device needs another network namespace to go to",
                           R"(add {"type": "network"} to /linux/namespaces)");
        steps.push_back({host_name, device.name.value_or(host_name), origin});
    }
    return steps;
}

std::string describe(const MoveNetDevice& step) {
    if (step.name == step.host_name) return format("move the network device {}", step.name);
    return format("move the network device {} as {}", step.host_name, step.name);
}

Result<std::string> choose_device_name(const std::string& wanted,
                                       const std::vector<std::string>& taken) {
    const auto is_taken = [&taken](const std::string& name) {
        return std::ranges::find(taken, name) != taken.end();
    };
    if (!wanted.ends_with("%d")) {
        if (is_taken(wanted))
            return fail(format("the container has a network device {} already", wanted), EEXIST);
        return wanted;
    }
    const std::string stem = wanted.substr(0, wanted.size() - 2);
    for (size_t number = 0; number <= taken.size(); ++number) {
        std::string name = format("{}{}", stem, number);
        if (name.size() >= IFNAMSIZ) break;
        if (!is_taken(name)) return name;
    }
    return fail(format("there is no free name of the form {}", wanted), ENAMETOOLONG);
}

Status NetDeviceMove::move_one(const MoveNetDevice& step) {
    const Device device = TRY(find_device(*host_, step.host_name));
    std::vector<std::string> taken;
    for (Device& other : TRY(list_devices(*container_)))
        taken.push_back(std::move(other.name));
    const std::string name = TRY(choose_device_name(step.name, taken));
    // Known before it happens: what fails half-way is undone too.
    moved_.push_back({step.host_name, name, device.is_up});
    return transfer(*host_, {*container_, container_netns_.get()}, device, name, true);
}

Status NetDeviceMove::move(const std::vector<MoveNetDevice>& steps, int proc, pid_t pid) {
    host_netns_ = TRY(open_at(proc, "self/ns/net", O_RDONLY));
    container_netns_ = TRY(open_at(proc, format("{}/ns/net", pid), O_RDONLY));
    host_.emplace(TRY(Netlink::open()));
    container_.emplace(TRY(Netlink::open_in(container_netns_.get())));
    for (const MoveNetDevice& step : steps)
        TRY(move_one(step).in(describe(step)).at(step.origin));
    return {};
}

// NOLINTNEXTLINE(bugprone-exception-escape): without memory nothing can be brought back
NetDeviceMove::~NetDeviceMove() {
    for (const Moved& moved : moved_) {
        const Result<Device> device = find_device(*container_, moved.name);
        // Best effort: the error that brought us here is the one to be told.
        if (device)
            (void)transfer(*container_, {*host_, host_netns_.get()}, *device, moved.host_name,
                           moved.was_up);
    }
}

}  // namespace sampan
