// A walk through the cgroups below one. The container may have nested them as deep as it likes, so
// that no path would be short enough for a system call (PATH_MAX), no stack deep enough for calls
// in calls, and no limit high enough for a descriptor each.
#pragma once

#include <sys/vfs.h>

#include <functional>
#include <string>

#include "base/result.h"

namespace sampan {

// Whether statfs(2) tells of a cgroup file system, and not of something mounted on a cgroup.
bool is_of_cgroups(const struct statfs& facts);

// A cgroup, as the walk leaves it.
struct WalkedCgroup {
    int directory;            // open for reading
    int parent;               // the same; -1 for the cgroup from which the walk started
    const std::string& name;  // in `parent`
};

// Visits every cgroup below `directory`, and itself at last: those below come first. None when it
// is gone; one that goes meanwhile is left out. The first error of `leave` ends the walk.
Status walk_cgroups(const std::string& directory,
                    const std::function<Status(const WalkedCgroup&)>& leave);

}  // namespace sampan
