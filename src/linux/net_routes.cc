#include "linux/net_routes.h"

#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <span>

namespace sampan {

namespace {

template <class T>
T first_as(std::span<const std::byte> bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

// One of the ways of a route that has several.
struct Way {
    rtnexthop head{};
    std::span<const std::byte> attributes;
};

std::vector<Way> ways_of(const NetlinkAttribute& multipath) {
    std::vector<Way> ways;
    std::span<const std::byte> rest = multipath.value;
    while (rest.size() >= sizeof(rtnexthop)) {
        const auto head = first_as<rtnexthop>(rest);
        if (head.rtnh_len < sizeof head || head.rtnh_len > rest.size()) break;
        ways.push_back({head, rest.subspan(sizeof head, head.rtnh_len - sizeof head)});
        rest = rest.subspan(std::min<size_t>(RTNH_ALIGN(head.rtnh_len), rest.size()));
    }
    return ways;
}

std::vector<int> devices_of(const NetlinkMessage& route) {
    std::vector<int> devices;
    for (const NetlinkAttribute& attribute : route.attributes(sizeof(rtmsg))) {
        if (attribute.type == RTA_OIF) devices.push_back(first_as<int>(attribute.value));
        if (attribute.type == RTA_MULTIPATH)
            for (const Way& way : ways_of(attribute))
                devices.push_back(way.head.rtnh_ifindex);
    }
    return devices;
}

std::vector<uint32_t> members_of(const NetlinkMessage& object) {
    std::vector<uint32_t> members;
    for (const NetlinkAttribute& attribute : object.attributes(sizeof(nhmsg)))
        if (attribute.type == NHA_GROUP)
            for (std::span<const std::byte> rest = attribute.value;
                 rest.size() >= sizeof(nexthop_grp); rest = rest.subspan(sizeof(nexthop_grp)))
                members.push_back(first_as<nexthop_grp>(rest).id);
    return members;
}

// Groups come after their members. Their numbers are added to `ids`.
Result<std::vector<NetlinkMessage>> list_objects(const Netlink& netlink,
                                                 const std::vector<int>& devices,
                                                 std::set<uint32_t>& ids) {
    Result<std::vector<NetlinkMessage>> all =
        netlink.dump(NetlinkRequest(RTM_GETNEXTHOP, NLM_F_DUMP, nhmsg{}));
    // Before Linux 5.3 there are none.
    if (!all && all.error().code() == EOPNOTSUPP) return std::vector<NetlinkMessage>();
    std::vector<NetlinkMessage> found;
    const std::vector<NetlinkMessage> objects = TRY(std::move(all));
    const auto take_those = [&](const auto& is_wanted) {
        for (const NetlinkMessage& object : objects) {
            if (object.type != RTM_NEWNEXTHOP || !is_wanted(object)) continue;
            ids.insert(object.number(sizeof(nhmsg), NHA_ID).value_or(0));
            found.push_back(object);
        }
    };
    take_those([&](const NetlinkMessage& object) {
        const std::optional<uint32_t> device = object.number(sizeof(nhmsg), NHA_OIF);
        return device && std::ranges::find(devices, static_cast<int>(*device)) != devices.end();
    });
    take_those([&](const NetlinkMessage& object) {
        return std::ranges::any_of(members_of(object),
                                   [&](uint32_t member) { return ids.contains(member); });
    });
    return found;
}

bool needs_others(const NetlinkMessage& route) {
    return std::ranges::any_of(
        route.attributes(sizeof(rtmsg)), [](const NetlinkAttribute& attribute) {
            return attribute.type == RTA_GATEWAY || attribute.type == RTA_VIA ||
                   attribute.type == RTA_MULTIPATH || attribute.type == RTA_NH_ID;
        });
}

int number_now(const DeviceNumbers& now, int before) {
    const auto found = now.find(before);
    return found == now.end() ? before : found->second;
}

// If one of its devices leaves, the kernel removes an IPv4 route as a whole, but of an IPv6 route
// only that way.
std::vector<std::byte> missing_ways(const NetlinkAttribute& multipath,
                                    unsigned char family,
                                    const DeviceNumbers& now) {
    std::vector<std::byte> missing;
    for (Way way : ways_of(multipath)) {
        if (family == AF_INET6 && !now.contains(way.head.rtnh_ifindex)) continue;
        way.head.rtnh_ifindex = number_now(now, way.head.rtnh_ifindex);
        way.head.rtnh_flags &= RTNH_F_ONLINK;
        const auto head = std::as_bytes(std::span(&way.head, 1));
        missing.insert(missing.end(), head.begin(), head.end());
        missing.insert(missing.end(), way.attributes.begin(), way.attributes.end());
        missing.resize(RTNH_ALIGN(missing.size()));
    }
    return missing;
}

// What is said by a nexthop object, and must not also be said by its route.
bool is_of_object(uint16_t type) {
    return type == RTA_OIF || type == RTA_GATEWAY || type == RTA_VIA || type == RTA_MULTIPATH ||
           type == RTA_ENCAP || type == RTA_ENCAP_TYPE;
}

Status add_route(const Netlink& netlink, const NetlinkMessage& route, const DeviceNumbers& now) {
    auto head = route.head<rtmsg>();
    head.rtm_flags &= RTNH_F_ONLINK;
    // In addition to other routes to the same place, which are still there.
    NetlinkRequest request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, head);
    const bool has_object = route.number(sizeof head, RTA_NH_ID).has_value();
    for (const NetlinkAttribute& attribute : route.attributes(sizeof head)) {
        if (has_object && is_of_object(attribute.type)) continue;
        if (attribute.type == RTA_OIF) {
            request.add(RTA_OIF, number_now(now, first_as<int>(attribute.value)));
        } else if (attribute.type == RTA_MULTIPATH) {
            request.add(RTA_MULTIPATH, missing_ways(attribute, head.rtm_family, now));
        } else if (attribute.type == RTA_CACHEINFO) {
            constexpr int ticks = 100;  // USER_HZ
            const auto times = first_as<rta_cacheinfo>(attribute.value);
            if (times.rta_expires > 0) request.add(RTA_EXPIRES, times.rta_expires / ticks);
        } else {
            request.add(attribute.type, attribute.value);
        }
    }
    return netlink.ask(std::move(request));
}

// A group has only lost members, unless it had no others.
Status add_object(const Netlink& netlink, const NetlinkMessage& object, const DeviceNumbers& now) {
    auto head = object.head<nhmsg>();
    head.nh_scope = 0;
    head.nh_flags &= RTNH_F_ONLINK;
    NetlinkRequest request(RTM_NEWNEXTHOP, NLM_F_CREATE | NLM_F_REPLACE, head);
    for (const NetlinkAttribute& attribute : object.attributes(sizeof head)) {
        if (attribute.type == NHA_OIF)
            request.add(NHA_OIF, number_now(now, first_as<int>(attribute.value)));
        // those after it only come from the kernel, or belong to one kind
        else if (attribute.type <= NHA_FDB)
            request.add(attribute.type, attribute.value);
    }
    return netlink.ask(std::move(request));
}

}  // namespace

Result<std::vector<NetlinkMessage>> list_routes(const Netlink& netlink,
                                                const std::vector<int>& devices) {
    std::set<uint32_t> ids;
    std::vector<NetlinkMessage> found;
    std::vector<NetlinkMessage> last;
    std::vector<NetlinkMessage> objects = TRY(list_objects(netlink, devices, ids));
    for (NetlinkMessage& route :
         TRY(netlink.dump(NetlinkRequest(RTM_GETROUTE, NLM_F_DUMP, rtmsg{})))) {
        const auto head = route.head<rtmsg>();
        if (route.type != RTM_NEWROUTE || head.rtm_protocol == RTPROT_KERNEL ||
            (head.rtm_flags & RTM_F_CLONED) != 0)
            continue;
        const auto is_one = [&](int device) {
            return std::ranges::find(devices, device) != devices.end();
        };
        if (std::ranges::any_of(devices_of(route), is_one) ||
            ids.contains(route.number(sizeof head, RTA_NH_ID).value_or(0)))
            (needs_others(route) ? last : found).push_back(std::move(route));
    }
    std::ranges::move(objects, std::back_inserter(found));
    std::ranges::move(last, std::back_inserter(found));
    return found;
}

void add_routes(const Netlink& netlink,
                const std::vector<NetlinkMessage>& routes,
                const DeviceNumbers& now) {
    for (const NetlinkMessage& route : routes)
        (void)(route.type == RTM_NEWNEXTHOP ? add_object(netlink, route, now)
                                            : add_route(netlink, route, now));
}

}  // namespace sampan
