// Where a container's cgroup is: cgroupsPath (config-linux.md#cgroups-path).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/host.h"

namespace sampan {

constexpr std::string_view cgroups_path_pointer = "/linux/cgroupsPath";

// The place that cgroupsPath names, the same in every hierarchy.
struct CgroupPath {
    bool absolute = false;  // starts at the mount point; otherwise at the default parent
    std::string path;       // cleaned, begins with "/"
    bool operator==(const CgroupPath&) const = default;
};

// Absent: "/sampan-ID", relative. It is an error if the path has only slashes, or has systemd's
// form slice:prefix:name, which only the systemd manager takes.
Result<CgroupPath> parse_cgroup_path(const std::optional<std::string>& cgroups_path,
                                     std::string_view container_id);

// The part of our own cgroup's path up to and including "user@UID.service": the top of what systemd
// delegates to a user. Nothing if the path has no such part.
std::optional<std::string> delegated_place(std::string_view own);

// The path below the hierarchy's mount point. The default parent must not change between two calls
// of the same user, so that the same value means the same place:
//
//  - With privilege it is the mount point itself. (A folder of our own there would stay behind: two
//    containers at once would share it, and neither has made it and sees it empty.)
//  - Otherwise it is what systemd delegates to the user (".../user@1000.service"), or else the
//    parent of our own cgroup. Our own cgroup has processes, and cgroup v2 then gives its children
//    no controllers.
std::string place_in(const CgroupHierarchy& hierarchy, const CgroupPath& path, const Host& host);

}  // namespace sampan
