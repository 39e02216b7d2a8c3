#include "cgroup/device_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sampan {

namespace {

constexpr int64_t any_device = -1;  // as good as absent

spec::DeviceRule allow(spec::DeviceRuleType type,
                       std::optional<int64_t> major,
                       std::optional<int64_t> minor,
                       const char* access) {
    return {.allow = true, .type = type, .major = major, .minor = minor, .access = access};
}

constexpr int64_t memory_major = 1;  // null zero full random urandom
constexpr std::array<int64_t, 5> memory_minors{3, 5, 7, 8, 9};
constexpr int64_t terminal_major = 5;  // tty ptmx
constexpr std::array<int64_t, 2> terminal_minors{0, 2};
constexpr int64_t pts_major = 136;
constexpr int64_t misc_major = 10;
// There is no node for it. runc removed this rule once, and VPNs in containers stopped working.
constexpr int64_t tun_minor = 200;

bool is_any(const std::optional<int64_t>& number) {
    return number.value_or(any_device) == any_device;
}

bool denies_all_of(spec::DeviceRuleType type, const spec::DeviceRule& rule) {
    const auto of = rule.type.value_or(spec::DeviceRuleType::a);
    return !rule.allow && (of == type || of == spec::DeviceRuleType::a) && is_any(rule.major) &&
           is_any(rule.minor) && device_access(rule) == all_access;
}

std::vector<spec::DeviceRule> standard_rules(spec::DeviceRuleType type) {
    std::vector<spec::DeviceRule> rules{allow(type, std::nullopt, std::nullopt, "m")};
    if (type == spec::DeviceRuleType::b) return rules;
    for (const int64_t minor : memory_minors)
        rules.push_back(allow(type, memory_major, minor, "rwm"));
    for (const int64_t minor : terminal_minors)
        rules.push_back(allow(type, terminal_major, minor, "rwm"));
    rules.push_back(allow(type, pts_major, std::nullopt, "rwm"));
    rules.push_back(allow(type, misc_major, tun_minor, "rwm"));
    return rules;
}

}  // namespace

std::vector<PlacedDeviceRule> all_device_rules(const std::vector<spec::DeviceRule>& configured) {
    std::vector<PlacedDeviceRule> rules;
    const auto add_standard_after = [&](size_t count) {
        for (const auto type : {spec::DeviceRuleType::c, spec::DeviceRuleType::b}) {
            const auto last =
                std::find_if(configured.rbegin(), configured.rend(),
                             [type](const auto& rule) { return denies_all_of(type, rule); });
            if (configured.rend() - last != static_cast<ptrdiff_t>(count)) continue;
            for (spec::DeviceRule& rule : standard_rules(type))
                rules.push_back({std::move(rule), std::string(standard_device_rules)});
        }
    };
    add_standard_after(0);
    for (size_t i = 0; i < configured.size(); ++i) {
        rules.push_back({configured[i], format("{}/{}", standard_device_rules, i)});
        add_standard_after(i + 1);
    }
    return rules;
}

unsigned device_access(const spec::DeviceRule& rule) {
    if (!rule.access || rule.access->empty()) return all_access;
    unsigned access = 0;
    for (const char c : *rule.access) {
        if (c == 'r') access |= device_read;
        if (c == 'w') access |= device_write;
        if (c == 'm') access |= device_mknod;
    }
    return access;
}

std::string device_access_text(unsigned access) {
    std::string text;
    if ((access & device_read) != 0) text += 'r';
    if ((access & device_write) != 0) text += 'w';
    if ((access & device_mknod) != 0) text += 'm';
    return text;
}

}  // namespace sampan
