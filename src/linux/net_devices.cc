#include "linux/net_devices.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "os/file.h"
#include "spec/check.h"
#include "spec/json.h"

namespace sampan {

namespace {

struct Device {
    int index = 0;
    std::string name;
    std::vector<std::string> other_names;
    bool is_up = false;
};

std::string text_of(std::span<const std::byte> value) {
    const std::string text(reinterpret_cast<const char*>(value.data()), value.size());
    return text.substr(0, text.find('\0'));
}

std::vector<std::string> other_names(const NetlinkAttribute& list) {
    const NetlinkMessage inner{0, {list.value.begin(), list.value.end()}};
    std::vector<std::string> names;
    for (const NetlinkAttribute& attribute : inner.attributes(0))
        if (attribute.type == IFLA_ALT_IFNAME) names.push_back(text_of(attribute.value));
    return names;
}

Result<std::vector<Device>> list_devices(const Netlink& netlink) {
    std::vector<Device> devices;
    const NetlinkRequest request(RTM_GETLINK, NLM_F_DUMP, ifinfomsg{});
    for (const NetlinkMessage& message : TRY(netlink.dump(request))) {
        if (message.type != RTM_NEWLINK) continue;
        const auto head = message.head<ifinfomsg>();
        Device device{head.ifi_index, "", {}, (head.ifi_flags & IFF_UP) != 0};
        for (const NetlinkAttribute& attribute : message.attributes(sizeof head)) {
            if (attribute.type == IFLA_IFNAME) device.name = text_of(attribute.value);
            if (attribute.type == IFLA_PROP_LIST) device.other_names = other_names(attribute);
        }
        devices.push_back(std::move(device));
    }
    return devices;
}

Result<Device> find_device(const Netlink& netlink, const std::string& name) {
    std::vector<Device> devices = TRY(list_devices(netlink));
    for (Device& device : devices)
        if (device.name == name) return std::move(device);
    for (const Device& device : devices)
        if (std::ranges::find(device.other_names, name) != device.other_names.end())
            return fail(format("{} is another name of the network device {}, which has to be "
                               "called by its own",
                               name, device.name),
                        ENODEV);
    return fail(format("there is no network device {}", name), ENODEV);
}

Result<std::vector<NetlinkMessage>> list_addresses(const Netlink& netlink, int index) {
    std::vector<NetlinkMessage> found;
    const NetlinkRequest request(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{});
    for (NetlinkMessage& message : TRY(netlink.dump(request)))
        if (message.type == RTM_NEWADDR &&
            static_cast<int>(message.head<ifaddrmsg>().ifa_index) == index)
            found.push_back(std::move(message));
    return found;
}

// Global and permanent (config-linux.md#network-devices); the kernel or a daemon makes others anew.
bool is_kept_inside(const NetlinkMessage& address) {
    const auto head = address.head<ifaddrmsg>();
    const uint32_t flags = address.number(sizeof head, IFA_FLAGS).value_or(head.ifa_flags);
    return head.ifa_scope == RT_SCOPE_UNIVERSE && (flags & IFA_F_PERMANENT) != 0;
}

enum class Name { changed, kept };

Status add_address(const Netlink& netlink, int index, const NetlinkMessage& address, Name name) {
    auto head = address.head<ifaddrmsg>();
    head.ifa_index = static_cast<uint32_t>(index);
    NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, head);
    for (const NetlinkAttribute& attribute : address.attributes(sizeof head)) {
        // The label contains the old name, and the times are those of an address that does not
        // expire.
        if (name == Name::changed &&
            (attribute.type == IFA_LABEL || attribute.type == IFA_CACHEINFO))
            continue;
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

std::vector<int> numbers_of(const std::vector<Device>& devices) {
    std::vector<int> numbers;
    numbers.reserve(devices.size());
    for (const Device& device : devices)
        numbers.push_back(device.index);
    return numbers;
}

// The device that was added to those of `before`. It keeps its number `index`, unless one of them
// has it; then it is found by its name.
Result<Device> find_arrival(const Netlink& netlink,
                            const std::vector<int>& before,
                            int index,
                            std::string_view name) {
    std::vector<Device> devices = TRY(list_devices(netlink));
    std::erase_if(devices, [&before](const Device& device) {
        return std::ranges::find(before, device.index) != before.end();
    });
    for (Device& device : devices)
        if (device.index == index) return std::move(device);
    for (Device& device : devices)
        if (device.name == name) return std::move(device);
    return fail(format("the network device {} has not arrived", name), ENODEV);
}

struct Side {
    const Netlink& netlink;
    int netns;
};

// Moves it, and gives it the name. Returns its number there.
Result<int> transfer(const Netlink& from, const Side& to, int index, const std::string& name) {
    ifinfomsg head{};
    head.ifi_index = index;
    NetlinkRequest request(RTM_NEWLINK, 0, head);
    request.add(IFLA_NET_NS_FD, to.netns);
    request.add(IFLA_IFNAME, name);
    const std::vector<int> before = numbers_of(TRY(list_devices(to.netlink)));
    TRY(from.ask(std::move(request)).in("moving it"));
    return TRY(find_arrival(to.netlink, before, index, name)).index;
}

}  // namespace

Result<std::vector<MoveNetDevice>> plan_net_devices(const Spec& spec) {
    std::vector<MoveNetDevice> steps;
    if (!spec.linux_) return steps;
    for (const auto& [host_name, device] : spec.linux_->net_devices)
        steps.push_back({host_name, device.name.value_or(host_name),
                         "/linux/netDevices" + pointer_part(host_name)});
    if (steps.empty() || spec::find_namespace(spec, spec::NamespaceType::network) != nullptr)
        return steps;
    return fail_at(steps.front().origin,
                   "a network device needs another network namespace to go to",
                   R"(add {"type": "network"} to linux.namespaces)");
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
    const size_t sign = wanted.find("%d");
    if (sign == std::string::npos) {
        if (is_taken(wanted))
            return fail(format("the container has a network device {} already", wanted), EEXIST);
        return wanted;
    }
    for (size_t number = 0; number <= taken.size(); ++number) {
        std::string name =
            format("{}{}{}", wanted.substr(0, sign), number, wanted.substr(sign + 2));
        if (name.size() >= IFNAMSIZ) break;
        if (!is_taken(name)) return name;
    }
    return fail(format("there is no free name of the form {}", wanted), ENAMETOOLONG);
}

// Names without a number come first: those with a number avoid them.
Result<std::vector<NetDeviceMove::Moved>> NetDeviceMove::foresee(
    const std::vector<MoveNetDevice>& steps) const {
    const std::vector<Device> inside = TRY(list_devices(*container_));
    std::vector<std::string> taken;
    taken.reserve(inside.size() + steps.size());
    for (const Device& other : inside)
        taken.push_back(other.name);
    std::vector<Moved> devices(steps.size());
    for (const bool numbered : {false, true}) {
        for (size_t i = 0; i < steps.size(); ++i) {
            const MoveNetDevice& step = steps[i];
            if (step.name.contains('%') != numbered) continue;
            const auto look = [&]() -> Status {
                const Device device = TRY(find_device(*host_, step.host_name));
                devices[i] = {.host_name = step.host_name,
                              .name = TRY(choose_device_name(step.name, taken)),
                              .index = device.index,
                              .before = {},
                              .addresses = TRY(list_addresses(*host_, device.index)),
                              .was_up = device.is_up};
                taken.push_back(devices[i].name);
                return {};
            };
            TRY(look().in(describe(step)).at(step.origin));
        }
    }
    return devices;
}

Status NetDeviceMove::move_one(Moved device) {
    device.before = numbers_of(TRY(list_devices(*container_)));
    // Recorded before it happens, so that a failure half-way is undone too.
    moved_.push_back(std::move(device));
    const Moved& moving = moved_.back();
    const int index =
        TRY(transfer(*host_, {*container_, container_netns_.get()}, moving.index, moving.name));
    for (const NetlinkMessage& address : moving.addresses)
        if (is_kept_inside(address)) TRY(add_address(*container_, index, address, Name::changed));
    return set_up(*container_, index);
}

Status NetDeviceMove::move(const std::vector<MoveNetDevice>& steps, int proc, pid_t pid) {
    host_netns_ = TRY(open_at(proc, "self/ns/net", O_RDONLY));
    container_netns_ = TRY(open_at(proc, format("{}/ns/net", pid), O_RDONLY));
    host_.emplace(TRY(Netlink::open()));
    container_.emplace(TRY(Netlink::open_in(container_netns_.get())));
    std::vector<Moved> devices = TRY(foresee(steps));
    std::vector<int> numbers;
    numbers.reserve(devices.size());
    for (const Moved& device : devices)
        numbers.push_back(device.index);
    routes_ = TRY(list_routes(*host_, numbers));
    for (size_t i = 0; i < steps.size(); ++i)
        TRY(move_one(std::move(devices[i])).in(describe(steps[i])).at(steps[i].origin));
    return {};
}

// As far as possible: the error that led here is the one to report. Returns the present number of
// the device.
std::optional<int> NetDeviceMove::bring_back(const Moved& moved) const {
    // The kernel first moves and then renames: if it has refused the name, the device is inside
    // under its old one.
    Result<Device> device = find_arrival(*container_, moved.before, moved.index, moved.name);
    if (!device) device = find_arrival(*container_, moved.before, moved.index, moved.host_name);
    if (!device) return std::nullopt;
    const Result<int> index =
        transfer(*container_, {*host_, host_netns_.get()}, device->index, moved.host_name);
    if (!index) return std::nullopt;
    // First, because an IPv6 address that is given to a device that is down may get no route to its
    // prefix.
    if (moved.was_up) (void)set_up(*host_, *index);
    for (const NetlinkMessage& address : moved.addresses)
        (void)add_address(*host_, *index, address, Name::kept);
    return *index;
}

// NOLINTNEXTLINE(bugprone-exception-escape): without memory nothing can be brought back
NetDeviceMove::~NetDeviceMove() {
    DeviceNumbers now;
    for (const Moved& moved : moved_)
        if (const std::optional<int> index = bring_back(moved)) now[moved.index] = *index;
    // Once all of them are back, because a route may use several.
    if (!now.empty()) add_routes(*host_, routes_, now);
}

}  // namespace sampan
