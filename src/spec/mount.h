// mounts of config.json (config.md#mounts), and the id mappings of mounts and user namespaces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sampan::spec {

// One line of a uid_map or gid_map: `size` ids, starting with `container_id`, become `host_id` and
// the following ones.
struct IdMapping {
    uint32_t container_id = 0;
    uint32_t host_id = 0;
    uint32_t size = 0;
    bool operator==(const IdMapping&) const = default;
};

struct Mount {
    std::string destination;  // relative: starts at "/" (deprecated)
    std::optional<std::string> type;
    std::optional<std::string> source;  // of a bind mount: relative to the bundle
    std::vector<std::string> options;
    // Only with the option idmap or ridmap, and only both together.
    std::vector<IdMapping> uid_mappings;
    std::vector<IdMapping> gid_mappings;
    bool operator==(const Mount&) const = default;
};

}  // namespace sampan::spec
