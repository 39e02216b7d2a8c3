// Which cgroup hierarchies this machine shows us, and where in them we are (cgroups(7)).
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
    hybrid,  // v1 hierarchies and a cgroup2 mount beside them
    v2,      // cgroup2 only
};

struct CgroupHierarchy {
    // v1: the controllers mounted together, as the kernel names them; "name=systemd" for a named
    // hierarchy. v2: what cgroup.controllers at the mount point lists.
    std::vector<std::string> controllers;
    std::string mount_point;
    // The cgroup that the mount shows at its mount point (field 4 of mountinfo): "/" unless it was
    // bound from a folder of the hierarchy. Relative to our cgroup namespace, like own_path.
    std::string root = "/";
    // Our own cgroup (/proc/self/cgroup).
    std::string own_path = "/";
    // Mounted read-only.
    bool read_only = false;
    // v2: the flags that hold for the whole hierarchy, such as "nsdelegate". A new mount from the
    // host's cgroup namespace sets them anew, for the host too, so it must repeat them.
    std::vector<std::string> flags;
    bool operator==(const CgroupHierarchy&) const = default;

    [[nodiscard]] bool has(std::string_view controller) const;
    // Our own cgroup below the mount point, "" for the mount point itself and "/a/b" otherwise;
    // nothing when the mount does not show it.
    [[nodiscard]] std::optional<std::string> own_place() const;
};

// All that cgroup2 takes as options of a mount (cgroups(7)).
std::span<const std::string_view> cgroup2_flags();

struct CgroupLayout {
    CgroupMode mode = CgroupMode::none;
    std::vector<CgroupHierarchy> hierarchies;  // v1, one for each, in the order of the mounts
    std::optional<CgroupHierarchy> unified;    // cgroup2
    bool operator==(const CgroupLayout&) const = default;

    // The v1 hierarchy that has the controller; null when none has.
    [[nodiscard]] const CgroupHierarchy* find(std::string_view controller) const;
};

// From the texts of /proc/self/mountinfo and /proc/self/cgroup; pure. The controllers of cgroup v2
// are in neither and stay empty. Of several mounts of one hierarchy the one counts that shows its
// root, otherwise the first one that shows our own cgroup, otherwise the first. mountinfo lists
// those that another mount covers, too: with `is_seen` they are passed over.
CgroupLayout parse_cgroup_layout(std::string_view mountinfo,
                                 std::string_view proc_self_cgroup,
                                 const IsSeenAt& is_seen = nullptr);

// Reads both texts and cgroup.controllers.
Result<CgroupLayout> read_cgroup_layout();

}  // namespace sampan
