#include <algorithm>

#include "base/text.h"
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

void check_net_devices(const Config& config, Findings& findings) {
    constexpr std::size_t longest = 15;  // IFNAMSIZ less the NUL
    const auto good = [](std::string_view name) {
        return !name.empty() && name.size() <= longest && name != "." && name != ".." &&
               name.find_first_of("/: \t\n") == std::string_view::npos;
    };
    const auto& devices = config.linux_->net_devices;
    if (!devices.empty() && find_namespace(config, NamespaceType::network) == nullptr) {
        // Legal to write, and refused when it is to be carried out: the devices are there already.
        findings.warn("/linux/netDevices", "network devices need an own network namespace to go to",
                      "add {\"type\": \"network\"} to linux.namespaces");
    }
    for (const auto& [host_name, device] : devices) {
        const std::string pointer = "/linux/netDevices" + pointer_part(host_name);
        if (!good(host_name)) findings.error(pointer, "no network device can have this name");
        if (device.name && !good(*device.name)) {
            findings.error(pointer + "/name", "no network device can have this name",
                           format("at most {} characters, without / and :", longest));
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
    for (std::size_t i = 0; i < config.mounts.size(); ++i) {
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

void check_devices(const Config& config, Findings& findings) {
    const std::vector<Device>& devices = config.linux_->devices;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const Device& device = devices[i];
        if (device.type != DeviceType::p && (!device.major || !device.minor)) {
            findings.error(
                format("/linux/devices/{}", i),
                format("a device of type {} needs major and minor", name_of(device.type)));
        }
    }
    check_net_devices(config, findings);
}

void check_memory_policy(const MemoryPolicy& policy, Findings& findings) {
    const bool none = policy.mode == MemoryPolicyMode::mpol_default ||
                      policy.mode == MemoryPolicyMode::mpol_local;
    if (none && policy.nodes) {
        findings.error("/linux/memoryPolicy/nodes",
                       format("{} takes no nodes", name_of(policy.mode)), "remove them");
    } else if (needs_nodes(policy.mode) && !policy.nodes) {
        findings.error("/linux/memoryPolicy", format("{} needs nodes", name_of(policy.mode)),
                       "add \"nodes\", a list such as \"0-1\"");
    } else if (policy.nodes && !is_number_list(*policy.nodes)) {
        findings.error("/linux/memoryPolicy/nodes",
                       format("\"{}\" is not a list of nodes", *policy.nodes),
                       "write numbers and ranges, such as \"0-3,7\"");
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
