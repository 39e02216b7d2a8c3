// The ways into the cgroups of a container that exists: for `exec`.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/cgroup.h"
#include "cgroup/record.h"

namespace sampan {

// A cgroup below the container's own.
struct SubCgroup {
    std::vector<std::string> controllers;  // empty: in every hierarchy
    std::string path;                      // below the container's cgroup, without a leading "/"
    bool operator==(const SubCgroup&) const = default;
};

// "[CONTROLLER,...:]PATH". Pure. A path with ".." is an error: it could lead out.
Result<SubCgroup> parse_sub_cgroup(std::string_view text);

// Descriptors of the container's cgroups, or of those below that are named, which must exist.
// Nothing leads out of the container's cgroup: paths are resolved below its descriptor. One of the
// container's that was removed, which it can be when no process is left in it, stands for the
// cgroup that process `pid`, its first one, is in: as limited as that is what joins it. `proc` is a
// checked procfs.
Result<CgroupJoin> open_cgroup(const CgroupRecord& record,
                               std::span<const SubCgroup> below,
                               int proc,
                               pid_t pid);

// The cgroup v2 of process `pid` (below `proc`, a checked procfs), which must be the container's or
// one below it. For a container that has moved its processes down and distributes controllers:
// then its own cgroup takes none any more (EBUSY).
Result<Fd> open_cgroup_of(const CgroupRecord& record, int proc, pid_t pid);

}  // namespace sampan
