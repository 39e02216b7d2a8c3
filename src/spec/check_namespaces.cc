#include <algorithm>
#include <span>

#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/json.h"
#include "spec/tables.h"

namespace sampan::spec {

namespace {

std::string add_hint(NamespaceType type) {
    return format("add {{\"type\": \"{}\"}} to linux.namespaces", name_of(type));
}

void check_duplicates(const std::vector<Namespace>& namespaces, Findings& findings) {
    uint32_t seen = 0;
    for (size_t i = 0; i < namespaces.size(); ++i) {
        const uint32_t bit = uint32_t{1} << static_cast<int>(namespaces[i].type);
        if ((seen & bit) != 0) {
            findings.error(
                format("/linux/namespaces/{}", i),
                format("the namespace \"{}\" is given twice", name_of(namespaces[i].type)),
                "remove one of them, with the comma before or after it");
        }
        seen |= bit;
    }
}

void check_names(const Config& config, Findings& findings) {
    const bool own_uts = find_namespace(config, NamespaceType::uts) != nullptr;
    const auto check = [&](const std::optional<std::string>& name, const char* pointer) {
        constexpr size_t longest = 64;  // __NEW_UTS_LEN
        if (!name) return;
        if (!own_uts) {
            findings.error(pointer, "without a uts namespace of its own this would rename the host",
                           add_hint(NamespaceType::uts));
        } else if (name->size() > longest) {
            findings.error(pointer,
                           format("longer than the {} bytes that the kernel takes", longest));
        }
    };
    check(config.hostname, "/hostname");
    check(config.domainname, "/domainname");
}

void check_root_is_mapped(const std::vector<IdMapping>& mappings,
                          const char* pointer,
                          Findings& findings) {
    const auto has_root = [](const IdMapping& map) {
        return map.container_id == 0 && map.size > 0;
    };
    if (mappings.empty() || std::any_of(mappings.begin(), mappings.end(), has_root)) return;
    findings.error(pointer, "id 0 is not mapped: that user prepares the container",
                   "add an entry with \"containerID\": 0");
}

void check_user_maps(const Config& config, Findings& findings) {
    const Linux& part = *config.linux_;
    const bool uids = !part.uid_mappings.empty();
    const bool gids = !part.gid_mappings.empty();
    const Namespace* user = find_namespace(config, NamespaceType::user);
    if (user == nullptr && (uids || gids)) {
        findings.error(uids ? "/linux/uidMappings" : "/linux/gidMappings",
                       "mappings have no meaning without a new user namespace",
                       add_hint(NamespaceType::user));
    } else if (uids != gids) {
        findings.error(uids ? "/linux/uidMappings" : "/linux/gidMappings",
                       format("uidMappings and gidMappings belong together: {} is missing",
                              uids ? "gidMappings" : "uidMappings"));
    }
    if (user != nullptr && user->path && (uids || gids)) {
        findings.warn(uids ? "/linux/uidMappings" : "/linux/gidMappings",
                      "ignored: the user namespace that is joined has its maps already");
    }
    check_id_mappings(part.uid_mappings, "/linux/uidMappings", findings);
    check_id_mappings(part.gid_mappings, "/linux/gidMappings", findings);
    if (user == nullptr || user->path) return;
    if (!uids && !gids) {
        return findings.error("/linux/namespaces",
                              "a new user namespace needs uidMappings and gidMappings",
                              "give each an entry {containerID, hostID, size}");
    }
    check_root_is_mapped(part.uid_mappings, "/linux/uidMappings", findings);
    check_root_is_mapped(part.gid_mappings, "/linux/gidMappings", findings);
}

void check_time(const Config& config, Findings& findings) {
    if (!config.linux_->time_offsets) return;
    const Namespace* time = find_namespace(config, NamespaceType::time);
    if (time == nullptr) {
        findings.error("/linux/timeOffsets", "offsets need a new time namespace",
                       add_hint(NamespaceType::time));
    } else if (time->path) {
        findings.error("/linux/timeOffsets",
                       "the clocks of a time namespace that is joined cannot be shifted",
                       "remove the offsets, or the path of the time namespace");
    }
}

bool overlap(uint64_t a, uint64_t b, uint64_t a_size, uint64_t b_size) {
    return a < b + b_size && b < a + a_size;
}

// Compares it with those before it.
void check_overlap(std::span<const IdMapping> others,
                   const IdMapping& map,
                   const std::string& place,
                   Findings& findings) {
    for (size_t i = 0; i < others.size(); ++i) {
        const IdMapping& other = others[i];
        if (overlap(map.container_id, other.container_id, map.size, other.size)) {
            return findings.error(
                place + "/containerID",
                format("the ids in the container overlap with those of mapping {}", i));
        }
        if (overlap(map.host_id, other.host_id, map.size, other.size)) {
            return findings.error(place + "/hostID",
                                  format("the ids outside overlap with those of mapping {}", i));
        }
    }
}

bool is_ipc_sysctl(std::string_view name) {
    constexpr std::string_view names[] = {
        "kernel.msgmax", "kernel.msgmnb",      "kernel.msgmni",         "kernel.msg_next_id",
        "kernel.sem",    "kernel.sem_next_id", "kernel.shmall",         "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_next_id", "kernel.shm_rmid_forced"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names) ||
           name.starts_with("fs.mqueue.");
}

// `name` has dots between its parts.
std::optional<NamespaceType> owner_of(std::string_view name) {
    if (is_ipc_sysctl(name)) return NamespaceType::ipc;
    if (name.starts_with("net.")) return NamespaceType::network;
    if (name == "kernel.domainname") return NamespaceType::uts;
    if (name.starts_with("user.")) return NamespaceType::user;
    return std::nullopt;
}

// With dots between the parts. sysctl(8): the first separator decides which of . and / separates.
std::string dotted(std::string_view key) {
    std::string name(key);
    if (key.find_first_of("./") == key.find('/')) {
        for (char& c : name)
            c = c == '/' ? '.' : c == '.' ? '/' : c;
    }
    return name;
}

void check_sysctl_entry(const Config& config,
                        const std::string& key,
                        const std::string& value,
                        Findings& findings) {
    const std::string pointer = "/linux/sysctl" + pointer_part(key);
    const std::string name = dotted(key);
    // The name becomes a path, in which a slash of the name is a dot. No part may lead elsewhere
    // (net..x, net/../kernel/x) or nowhere (net./.x).
    const std::vector<std::string_view> parts = split(name, '.');
    const auto is_no_name = [](std::string_view part) {
        return part.empty() || part == "/" || part.find("//") != std::string_view::npos;
    };
    if (std::any_of(parts.begin(), parts.end(), is_no_name) || goes_up(key)) {
        return findings.error(pointer, format("\"{}\" is not the name of a kernel parameter", key));
    }
    if (name == "kernel.hostname") {
        return findings.error(pointer, "the host's name is not set as a kernel parameter",
                              "use \"hostname\"");
    }
    if (name == "kernel.domainname" && config.domainname && value != *config.domainname) {
        return findings.error(pointer, "it conflicts with \"domainname\", which has another value",
                              "remove one of them");
    }
    const std::optional<NamespaceType> owner = owner_of(name);
    if (!owner) {
        findings.error(pointer, format("{} belongs to the whole machine, not to a container", key),
                       "remove it; on the host it is set with sysctl(8)");
    } else if (find_namespace(config, *owner) == nullptr) {
        findings.error(pointer, format("{} needs a {} namespace of its own", key, name_of(*owner)),
                       add_hint(*owner));
    }
}

}  // namespace

std::optional<NamespaceType> owner_of_sysctl(std::string_view key) {
    return owner_of(dotted(key));
}

void check_id_mappings(const std::vector<IdMapping>& mappings,
                       const std::string& pointer,
                       Findings& findings) {
    constexpr size_t most = 340;  // user_namespaces(7)
    // The last number is not an id: in many system calls it means "do not change".
    constexpr uint64_t last_id = 0xffff'fffe;
    if (mappings.size() > most) {
        return findings.error(pointer,
                              format("{} mappings: the kernel takes {}", mappings.size(), most));
    }
    for (size_t i = 0; i < mappings.size(); ++i) {
        const IdMapping& map = mappings[i];
        const std::string place = format("{}/{}", pointer, i);
        if (map.size == 0) {
            findings.error(place + "/size", "a mapping of no ids");
        }
        for (const uint32_t start : {map.container_id, map.host_id}) {
            if (uint64_t{start} + map.size > last_id + 1) {
                findings.error(place + "/size",
                               format("{} ids from {} on end above {}", map.size, start, last_id));
            }
        }
        check_overlap(std::span(mappings).first(i), map, place, findings);
    }
}

void check_namespaces(const Config& config, Findings& findings) {
    check_names(config, findings);
    if (!config.linux_) return;
    const Linux& part = *config.linux_;
    check_duplicates(part.namespaces, findings);
    check_user_maps(config, findings);
    check_time(config, findings);
    if (find_namespace(config, NamespaceType::mount) != nullptr) return;
    const auto changes_host = [&](bool is_given, const char* pointer) {
        if (!is_given) return;
        findings.error(pointer,
                       "without a mount namespace of its own this would change the host's paths",
                       add_hint(NamespaceType::mount));
    };
    changes_host(!part.masked_paths.empty(), "/linux/maskedPaths");
    changes_host(!part.readonly_paths.empty(), "/linux/readonlyPaths");
    changes_host(config.root && config.root->readonly, "/root/readonly");
    changes_host(part.rootfs_propagation.has_value(), "/linux/rootfsPropagation");
}

void check_sysctl(const Config& config, Findings& findings) {
    if (!config.linux_) return;
    for (const auto& [key, value] : config.linux_->sysctl) {
        check_sysctl_entry(config, key, value, findings);
    }
}

}  // namespace sampan::spec
