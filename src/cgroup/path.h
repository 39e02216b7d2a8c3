// Where a container's cgroup is: cgroupsPath (config-linux.md#cgroups-path).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "host/host.h"

namespace sampan {

constexpr std::string_view cgroups_path_pointer = "/linux/cgroupsPath";

// The place named by cgroupsPath, the same in every hierarchy.
struct CgroupPath {
    bool absolute = false;  // from the mount point; otherwise from the default parent
    std::string path;       // cleaned, begins with "/"
    bool operator==(const CgroupPath&) const = default;
};

// Absent: "/sampan-ID", relative. Errors: nothing but slashes, and systemd's form
// slice:prefix:name, which is for the systemd manager.
Result<CgroupPath> parse_cgroup_path(const std::optional<std::string>& cgroups_path,
                                     std::string_view container_id);

// Of our own cgroup's path, up to and with "user@UID.service": the top of what systemd delegates to
// a user. Nothing outside of it.
std::optional<std::string> delegated_place(std::string_view own);

// The path below the hierarchy's mount point. The default parent depends on nothing that changes
// between two calls by the same user, so that the same value is the same place:
// - with privilege the mount point itself. (A folder of our own there would be left behind: none of
//   two containers made it and sees it empty.)
// - otherwise what systemd delegates to the user (".../user@1000.service"), or else the parent of
//   our own cgroup: our own has processes, and cgroup v2 gives no controllers to its children.
std::string place_in(const CgroupHierarchy& hierarchy, const CgroupPath& path, const Host& host);

}  // namespace sampan
