#include <algorithm>
#include <bit>
#include <map>

#include "base/bit_list.h"
#include "base/text.h"
#include "os/path.h"
#include "spec/check_parts.h"
#include "spec/json.h"
#include "spec/tables.h"

namespace sampan::spec {

namespace {

bool has_option(const Mount& mount, std::string_view option) {
    return std::find(mount.options.begin(), mount.options.end(), option) != mount.options.end();
}

void check_idmap(const Config& config,
                 const Mount& mount,
                 const std::string& pointer,
                 Findings& findings) {
    const bool uids = !mount.uid_mappings.empty();
    const bool gids = !mount.gid_mappings.empty();
    const bool asked = has_option(mount, "idmap") || has_option(mount, "ridmap");
    if (uids != gids) {
        findings.error(pointer + (uids ? "/uidMappings" : "/gidMappings"),
                       format("uidMappings and gidMappings belong together: {} is missing",
                              uids ? "gidMappings" : "uidMappings"));
    } else if (uids && !asked) {
        findings.warn(pointer + "/uidMappings",
                      "mappings of a mount should come with the option \"idmap\" or \"ridmap\"",
                      "add it to the options");
    } else if (asked && !uids && find_namespace(config, NamespaceType::user) == nullptr) {
        findings.error(pointer + "/options",
                       "there is nothing to map the ids by: neither the mount has mappings nor the "
                       "container a user namespace",
                       "add uidMappings and gidMappings to the mount");
    }
    check_id_mappings(mount.uid_mappings, pointer + "/uidMappings", findings);
    check_id_mappings(mount.gid_mappings, pointer + "/gidMappings", findings);
}

void check_device(const Device& device, const std::string& pointer, Findings& findings) {
    if (device.type == DeviceType::p) return;
    if (!device.major || !device.minor) {
        return findings.error(
            pointer, format("a device of type {} needs major and minor", name_of(device.type)));
    }
    // The kernel's device numbers have 12 and 20 bits.
    if (*device.major < 0 || *device.major > 0xfff || *device.minor < 0 ||
        *device.minor > 0xfffff) {
        findings.error(pointer,
                       format("no device has the numbers {}:{}", *device.major, *device.minor));
    }
}

constexpr size_t longest_device = 15;  // IFNAMSIZ less the NUL

// What dev_valid_name() of the kernel accepts.
bool is_net_device(std::string_view name) {
    return !name.empty() && name.size() <= longest_device && name != "." && name != ".." &&
           name.find_first_of("/: \t\n\v\f\r") == std::string_view::npos;
}

// What the kernel accepts for a new name: dev_alloc_name() replaces "%d" by the first free number.
bool is_net_device_or_pattern(std::string_view name) {
    const size_t sign = name.find('%');
    if (sign == std::string_view::npos) return is_net_device(name);
    if (name.substr(sign, 2) != "%d" || name.find('%', sign + 1) != std::string_view::npos)
        return false;
    return is_net_device(format("{}0{}", name.substr(0, sign), name.substr(sign + 2)));
}

void check_net_devices(const Config& config, Findings& findings) {
    const auto& devices = config.linux_->net_devices;
    if (!devices.empty() && find_namespace(config, NamespaceType::network) == nullptr) {
        // It may be written, but is refused when it is carried out (linux/net_devices.h).
        findings.warn("/linux/netDevices", "network devices need a network namespace to go to",
                      "add {\"type\": \"network\"} to linux.namespaces");
    }
    std::map<std::string_view, std::string_view> names;  // new name, and whose it is
    for (const auto& [host_name, device] : devices) {
        const std::string pointer = "/linux/netDevices" + pointer_part(host_name);
        const std::string& name = device.name ? *device.name : host_name;
        const std::string place = device.name ? pointer + "/name" : pointer;
        if (!is_net_device(host_name)) {
            findings.error(pointer, "no network device can have this name");
        } else if (!is_net_device_or_pattern(name)) {
            findings.error(
                place, format("no network device can have the name {}", name),
                format("at most {} characters without \"/\", \":\" and blanks; a \"%\" is "
                       "only good for one \"%d\": the first free number",
                       longest_device));
        }
        // If the name contains a "%d", the device is found by its number, so that no other one can
        // be meant.
        if (name.find('%') != std::string::npos) continue;
        const auto [other, is_new] = names.emplace(name, host_name);
        if (!is_new) {
            findings.error(place, format("{} and {} cannot both be called {}", other->second,
                                         host_name, name));
        }
    }
}

bool needs_nodes(MemoryPolicyMode mode) {
    return mode == MemoryPolicyMode::mpol_bind || mode == MemoryPolicyMode::mpol_interleave ||
           mode == MemoryPolicyMode::mpol_weighted_interleave ||
           mode == MemoryPolicyMode::mpol_preferred_many;
}

}  // namespace

void check_mounts(const Config& config, Findings& findings) {
    for (size_t i = 0; i < config.mounts.size(); ++i) {
        const Mount& mount = config.mounts[i];
        const std::string pointer = format("/mounts/{}", i);
        if (!mount.destination.starts_with('/')) {
            findings.warn(pointer + "/destination",
                          "a relative destination is deprecated and taken from \"/\"",
                          format("write \"/{}\"", mount.destination));
        }
        check_idmap(config, mount, pointer, findings);
    }
}

void check_paths(const Config& config, Findings& findings) {
    const auto check = [&](const std::vector<std::string>& paths, const char* pointer) {
        for (size_t i = 0; i < paths.size(); ++i) {
            if (clean_path(paths[i]) != "/") continue;
            findings.error(format("{}/{}", pointer, i),
                           "the root itself cannot be masked or made read-only here",
                           "\"readonly\": true in /root makes the root read-only");
        }
    };
    check(config.linux_->masked_paths, "/linux/maskedPaths");
    check(config.linux_->readonly_paths, "/linux/readonlyPaths");
}

void check_devices(const Config& config, Findings& findings) {
    const std::vector<Device>& devices = config.linux_->devices;
    for (size_t i = 0; i < devices.size(); ++i) {
        check_device(devices[i], format("/linux/devices/{}", i), findings);
    }
    check_net_devices(config, findings);
}

// 0 if the list cannot be read.
size_t count_nodes(const std::string& list) {
    const auto words = parse_bit_list(list, node_numbers);
    size_t count = 0;
    if (words)
        for (const uint64_t word : *words)
            count += static_cast<size_t>(std::popcount(word));
    return count;
}

void check_memory_policy(const MemoryPolicy& policy, Findings& findings) {
    const bool none = policy.mode == MemoryPolicyMode::mpol_default ||
                      policy.mode == MemoryPolicyMode::mpol_local;
    if (none && policy.nodes) {
        findings.error("/linux/memoryPolicy/nodes",
                       format("{}: mode requires 0 nodes but got {}", name_of(policy.mode),
                              count_nodes(*policy.nodes)),
                       "remove them");
    } else if (needs_nodes(policy.mode) && !policy.nodes) {
        findings.error("/linux/memoryPolicy", format("{} needs nodes", name_of(policy.mode)),
                       "add \"nodes\", a list such as \"0-1\"");
    } else {
        check_number_list(policy.nodes, node_numbers, "/linux/memoryPolicy/nodes", findings);
    }
    const auto has = [&](MemoryPolicyFlag flag) {
        return std::find(policy.flags.begin(), policy.flags.end(), flag) != policy.flags.end();
    };
    const bool relative = has(MemoryPolicyFlag::mpol_f_relative_nodes);
    const bool fixed = has(MemoryPolicyFlag::mpol_f_static_nodes);
    if (fixed && relative) {
        findings.error("/linux/memoryPolicy/flags",
                       "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other");
    } else if ((fixed || relative) && !policy.nodes) {
        findings.error("/linux/memoryPolicy/flags",
                       "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES need nodes");
    }
    if (has(MemoryPolicyFlag::mpol_f_numa_balancing) &&
        policy.mode != MemoryPolicyMode::mpol_bind &&
        policy.mode != MemoryPolicyMode::mpol_preferred_many) {
        findings.error("/linux/memoryPolicy/flags",
                       format("MPOL_F_NUMA_BALANCING has no meaning with {}", name_of(policy.mode)),
                       "remove it, or use MPOL_BIND");
    }
}

}  // namespace sampan::spec
