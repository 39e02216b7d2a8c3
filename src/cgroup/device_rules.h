// The allowed device list of a container, for both versions of cgroups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "spec/resources.h"

namespace sampan {

// The origin of a standard rule is the whole list.
inline constexpr std::string_view standard_device_rules = "/linux/resources/devices";

struct PlacedDeviceRule {
    spec::DeviceRule rule;
    std::string origin;  // "/linux/resources/devices/3"
};

// The rules in their order: the last match wins, and nothing is allowed before the first rule.
// Besides those of config.json there are the standard rules of runc and crun. They allow the
// standard nodes (null, zero, full, random, urandom, tty, ptmx, pts;
// config-linux.md#default-devices), tun, and the creation of any node. Engines deny everything by
// their first rule and rely on the standard rules. So these come after the last rule that denies
// every device of their type, or first if there is no such rule. What config.json denies after that
// is denied.
std::vector<PlacedDeviceRule> all_device_rules(const std::vector<spec::DeviceRule>& configured);

// r, w and m as bits; an absent and an empty text mean all.
enum DeviceAccess : unsigned { device_read = 1, device_write = 2, device_mknod = 4 };
constexpr unsigned all_access = device_read | device_write | device_mknod;
// As a major or minor number: all of them, like "*" in cgroup v1.
constexpr int64_t any_number = -1;
unsigned device_access(const spec::DeviceRule& rule);
std::string device_access_text(unsigned access);

}  // namespace sampan
