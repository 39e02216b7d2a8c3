// By which ids an ID-mapped mount is mapped (config.md#posix-platform-mounts).
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

// One of the two.
struct MountIdMaps {
    IdMaps maps;
    std::optional<JoinNamespace> by_namespace;  // the maps of this user namespace
    bool operator==(const MountIdMaps&) const = default;
};

// The user namespace that the container joins, if it does.
[[nodiscard]] std::optional<JoinNamespace> joined_user_namespace(const Spec& spec);

// True when the mount is to be mapped.
[[nodiscard]] bool maps_ids(const spec::Mount& mount, const MountOptions& options);

// For a mount that is: its own mappings, else the ranges of its option ("idmap=…"), else those of
// the container's user namespace: the one that is joined, or the new one. `origin`: the mount's
// place. Errors: nothing to map by, ranges that cannot be read, no right to map.
Result<MountIdMaps> plan_mount_id_maps(const Spec& spec,
                                       const Host& host,
                                       const spec::Mount& mount,
                                       const MountOptions& options,
                                       const std::string& origin);

std::string describe(const MountIdMaps& maps);

}  // namespace sampan
