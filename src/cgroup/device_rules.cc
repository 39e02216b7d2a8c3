#include "cgroup/device_rules.h"

#include "base/text.h"

namespace sampan {

namespace {

constexpr unsigned all_access = device_read | device_write | device_mknod;

spec::DeviceRule allow(spec::DeviceRuleType type,
                       std::optional<std::int64_t> major,
                       std::optional<std::int64_t> minor,
                       const char* access) {
    return {.allow = true, .type = type, .major = major, .minor = minor, .access = access};
}

}  // namespace

std::vector<spec::DeviceRule> all_device_rules(const std::vector<spec::DeviceRule>& configured) {
    constexpr auto c = spec::DeviceRuleType::c;
    constexpr auto b = spec::DeviceRuleType::b;
    std::vector<spec::DeviceRule> rules = configured;
    rules.push_back(allow(c, std::nullopt, std::nullopt, "m"));
    rules.push_back(allow(b, std::nullopt, std::nullopt, "m"));
    for (const std::int64_t minor : {3, 5, 7, 8, 9})  // null zero full random urandom
        rules.push_back(allow(c, 1, minor, "rwm"));
    rules.push_back(allow(c, 5, 0, "rwm"));               // tty
    rules.push_back(allow(c, 5, 2, "rwm"));               // ptmx
    rules.push_back(allow(c, 136, std::nullopt, "rwm"));  // pts
    return rules;
}

std::string device_rule_origin(size_t index, size_t configured) {
    if (index >= configured) return "/linux/resources/devices";
    return format("/linux/resources/devices/{}", index);
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
