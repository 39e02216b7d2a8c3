// The ways into a container's cgroups, of init and of what `exec` brings in.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "os/fd.h"

namespace sampan {

// The descriptors are close-on-exec; a child of clone3 has them.
struct CgroupJoin {
    std::vector<Fd> tasks;  // `tasks` of the v1 hierarchies, open for writing
    Fd unified;             // the directory in cgroup v2; not where systemd has to move init

    // For CLONE_INTO_CGROUP; -1 when there is no cgroup v2. A cgroup namespace must be unshared by
    // the child later: one made by the same clone3(2) would have the parent's cgroup as its root.
    [[nodiscard]] int clone_fd() const { return unified.get(); }
    // Called by the process that enters, before it forks or allocates much; single-threaded.
    // Writing "0" to `tasks` spares the wait for an RCU grace period (6 to 15 ms) that a write of
    // another process's pid to cgroup.procs costs. Does nothing about cgroup v2 (see clone_fd).
    [[nodiscard]] Status enter() const;
};

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
// container's that was removed, or made anew by another container, as it can be when no process is
// left in it, stands for the cgroup that process `pid`, its first one, is in: as limited as that is
// what joins it. `proc` is a checked procfs.
Result<CgroupJoin> open_cgroup(const CgroupRecord& record,
                               std::span<const SubCgroup> below,
                               int proc,
                               pid_t pid);

// The cgroup v2 of process `pid` (below `proc`, a checked procfs), which must be the container's or
// one below it. For a container that has moved its processes down and distributes controllers:
// then its own cgroup takes none any more (EBUSY).
Result<Fd> open_cgroup_of(const CgroupRecord& record, int proc, pid_t pid);

}  // namespace sampan
