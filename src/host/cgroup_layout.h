// Which cgroup hierarchies this machine shows us, and where we are in them (cgroups(7)).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/mount_api.h"

namespace sampan {

enum class CgroupMode {
    none,    // nothing mounted
    v1,      // only hierarchies of cgroup v1
    hybrid,  // hierarchies of v1 that have controllers, and a cgroup2 mount beside them
    v2,      // cgroup2 has all controllers; there may be named hierarchies of v1 beside it
};

struct CgroupHierarchy {
    // v1: the controllers that are mounted together, by the kernel's names, or "name=systemd" for a
    // named hierarchy. v2: the content of cgroup.controllers at the mount point.
    std::vector<std::string> controllers;
    std::string mount_point;
    // The cgroup that is at the mount point (field 4 of mountinfo): "/", unless a folder of the
    // hierarchy was bound. Relative to our cgroup namespace, like own_path.
    std::string root = "/";
    // Our own cgroup (/proc/self/cgroup).
    std::string own_path = "/";
    // Mounted read-only.
    bool read_only = false;
    // v2: the flags of the whole hierarchy, such as "nsdelegate". A new mount from the host's
    // cgroup namespace sets them again, for the host too, so it must repeat them.
    std::vector<std::string> flags;
    bool operator==(const CgroupHierarchy&) const = default;

    [[nodiscard]] bool has(std::string_view controller) const;
    // Our own cgroup below the mount point: "" for the mount point itself, otherwise "/a/b".
    // Nothing if the mount does not show it.
    [[nodiscard]] std::optional<std::string> own_place() const;
};

// All options that a mount of cgroup2 takes (cgroups(7)).
std::span<const std::string_view> cgroup2_flags();

struct CgroupLayout {
    CgroupMode mode = CgroupMode::none;
    std::vector<CgroupHierarchy> hierarchies;  // v1, one for each, in the order of the mounts
    std::optional<CgroupHierarchy> unified;    // cgroup2
    // What systemd has delegated to us, below the mount points (host/delegation.h).
    std::optional<std::string> delegated;
    bool operator==(const CgroupLayout&) const = default;

    // The hierarchy of v1 that has the controller; null if there is none.
    [[nodiscard]] const CgroupHierarchy* find(std::string_view controller) const;
};

// From the texts of /proc/self/mountinfo and /proc/self/cgroup; pure. Neither has the controllers
// of cgroup v2, which stay empty. If a hierarchy is mounted several times, the mount that shows its
// root is taken, otherwise the first that shows our own cgroup, otherwise the first. mountinfo also
// lists mounts that others cover: with `is_seen` they are skipped.
CgroupLayout parse_cgroup_layout(std::string_view mountinfo,
                                 std::string_view proc_self_cgroup,
                                 const IsSeenAt& is_seen = nullptr);

// Reads both texts, and cgroup.controllers.
Result<CgroupLayout> read_cgroup_layout();

}  // namespace sampan
