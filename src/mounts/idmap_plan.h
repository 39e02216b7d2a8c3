// The ids by which an ID-mapped mount is mapped (config.md#posix-platform-mounts).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/id_map.h"
#include "linux/namespaces.h"
#include "mounts/mount_options.h"
#include "spec/config.h"

namespace sampan {

struct Host;

// Exactly one of the two.
struct MountIdMaps {
    IdMaps maps;
    std::optional<JoinNamespace> by_namespace;  // the maps of this user namespace
    bool operator==(const MountIdMaps&) const = default;
};

// The user namespace that the container joins, if it does.
[[nodiscard]] std::optional<JoinNamespace> joined_user_namespace(const Spec& spec);

// True if the mount must be mapped.
[[nodiscard]] bool maps_ids(const spec::Mount& mount, const MountOptions& options);

// For such a mount: its own mappings, or else the ranges of its option ("idmap=…"), or else those
// of the container's user namespace, joined or new. `origin`: the place of the mount. Errors: no
// mapping at all, ranges that cannot be read, no right to map.
Result<MountIdMaps> plan_mount_id_maps(const Spec& spec,
                                       const Host& host,
                                       const spec::Mount& mount,
                                       const MountOptions& options,
                                       const std::string& origin);

std::string describe(const MountIdMaps& maps);

}  // namespace sampan
