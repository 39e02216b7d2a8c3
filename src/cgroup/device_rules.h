// The allowed device list of a container, the same for both versions of cgroups.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "spec/resources.h"

namespace sampan {

// The rules in order, the last match wins, nothing is allowed before the first: those of
// config.json and after them, as runc and crun have it, the standard nodes (null, zero, full,
// random, urandom, tty, ptmx, pts; config-linux.md#default-devices) and the creation of any node.
// Engines deny everything with their first rule and rely on that.
std::vector<spec::DeviceRule> all_device_rules(const std::vector<spec::DeviceRule>& configured);

// A warning for each denial that those standard rules undo altogether. One that is wider, such as
// an engine's first, is none.
std::vector<Problem> overruled_denials(const std::vector<spec::DeviceRule>& configured);

// "/linux/resources/devices/3", or of the list where the rule is one of the standard ones.
std::string device_rule_origin(size_t index, size_t configured);

// r, w and m as bits; absent and empty mean all.
enum DeviceAccess : unsigned { device_read = 1, device_write = 2, device_mknod = 4 };
unsigned device_access(const spec::DeviceRule& rule);
std::string device_access_text(unsigned access);

}  // namespace sampan
