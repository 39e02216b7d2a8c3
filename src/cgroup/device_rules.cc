#include "cgroup/device_rules.h"

#include <algorithm>
#include <array>

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

constexpr std::int64_t memory_major = 1;  // null zero full random urandom
constexpr std::array<std::int64_t, 5> memory_minors{3, 5, 7, 8, 9};
constexpr std::int64_t terminal_major = 5;  // tty ptmx
constexpr std::array<std::int64_t, 2> terminal_minors{0, 2};
constexpr std::int64_t pts_major = 136;

bool names_standard_nodes(const spec::DeviceRule& rule) {
    if (rule.type != spec::DeviceRuleType::c) return false;
    const auto is_one_of = [&rule](const auto& minors) {
        return rule.minor && std::ranges::find(minors, *rule.minor) != minors.end();
    };
    return (rule.major == memory_major && is_one_of(memory_minors)) ||
           (rule.major == terminal_major && is_one_of(terminal_minors)) || rule.major == pts_major;
}

}  // namespace

std::vector<spec::DeviceRule> all_device_rules(const std::vector<spec::DeviceRule>& configured) {
    constexpr auto c = spec::DeviceRuleType::c;
    constexpr auto b = spec::DeviceRuleType::b;
    std::vector<spec::DeviceRule> rules = configured;
    rules.push_back(allow(c, std::nullopt, std::nullopt, "m"));
    rules.push_back(allow(b, std::nullopt, std::nullopt, "m"));
    for (const std::int64_t minor : memory_minors)
        rules.push_back(allow(c, memory_major, minor, "rwm"));
    for (const std::int64_t minor : terminal_minors)
        rules.push_back(allow(c, terminal_major, minor, "rwm"));
    rules.push_back(allow(c, pts_major, std::nullopt, "rwm"));
    return rules;
}

std::vector<Problem> overruled_denials(const std::vector<spec::DeviceRule>& configured) {
    std::vector<Problem> warnings;
    for (size_t i = 0; i < configured.size(); ++i) {
        const spec::DeviceRule& rule = configured[i];
        if (rule.allow) continue;
        std::string what;
        if (names_standard_nodes(rule))
            what = "the rule denies nothing: the standard devices are always allowed";
        else if (device_access(rule) == device_mknod)
            what = "the rule denies nothing: making device nodes is always allowed";
        if (!what.empty())
            warnings.push_back({.pointer = device_rule_origin(i, configured.size()),
                                .what = std::move(what),
                                .hint = "",
                                .offset = {}});
    }
    return warnings;
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
