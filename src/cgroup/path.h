// Where a container's cgroup is: cgroupsPath (config-linux.md#cgroups-path).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/host.h"

namespace sampan {

constexpr std::string_view cgroups_path_pointer = "/linux/cgroupsPath";

// Where a path starts.
enum class CgroupBase : uint8_t {
    mount_point,
    parent,  // the default parent of the user, the same at each call
    unit,    // what systemd has delegated to us, the unit that we run in; otherwise `parent`
};

// The place that cgroupsPath names, the same in every hierarchy.
struct CgroupPath {
    CgroupBase base = CgroupBase::parent;
    std::string path;  // cleaned, begins with "/"
    bool operator==(const CgroupPath&) const = default;
};

// Absolute: from the mount point. Relative: from the default parent, because the same value must
// mean the same place. Absent: "/ID" in our unit, so that its limits hold for the container too and
// the container ends with it. It is an error if the path has only slashes, or has systemd's
// form slice:prefix:name, which only the systemd manager takes.
Result<CgroupPath> parse_cgroup_path(const std::optional<std::string>& cgroups_path,
                                     std::string_view container_id);

// The part of our own cgroup's path up to and including "user@UID.service": the top of what systemd
// delegates to a user. Nothing if the path has no such part.
std::optional<std::string> delegated_place(std::string_view own);

// The path below the hierarchy's mount point. In a unit it is the same path in every hierarchy,
// also in those where systemd has not made the unit's cgroup. The default parent must not change
// between two calls of the same user, so that the same value means the same place:
//
//  - With privilege it is the mount point itself. (A folder of our own there would stay behind: two
//    containers at once would share it, and neither has made it and sees it empty.)
//  - Otherwise it is what systemd delegates to the user (".../user@1000.service"), or else the
//    parent of our own cgroup. Our own cgroup has processes, and cgroup v2 then gives its children
//    no controllers.
std::string place_in(const CgroupHierarchy& hierarchy, const CgroupPath& path, const Host& host);

}  // namespace sampan
