// How init, and a process that `exec` brings in, enter a container's cgroups.
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

// The descriptors are close-on-exec; a child of clone3 inherits them.
struct CgroupJoin {
    std::vector<Fd> tasks;  // `tasks` of the v1 hierarchies, open for writing
    Fd unified;             // the directory in cgroup v2; none if systemd has to move init

    Fd inner;  // cgroup.procs of a cgroup below `unified`, open for writing, if any

    // For CLONE_INTO_CGROUP; -1 if there is no cgroup v2. The child must unshare a cgroup namespace
    // later: one that the same clone3(2) made would have the parent's cgroup as its root.
    [[nodiscard]] int clone_fd() const { return unified.get(); }
    // Called by the process that enters, before it forks or allocates much; it must have one
    // thread. It writes "0" to `tasks`: to write the pid of another process to cgroup.procs would
    // wait for an RCU grace period (6 to 15 ms). Does nothing for cgroup v2 (see clone_fd).
    [[nodiscard]] Status enter() const;
    // Afterwards, down to `inner`.
    [[nodiscard]] Status enter_inner() const;
};

// A cgroup below the container's own.
struct SubCgroup {
    std::vector<std::string> controllers;  // empty: in every hierarchy
    std::string path;                      // below the container's cgroup, without a leading "/"
    bool operator==(const SubCgroup&) const = default;
};

// "[CONTROLLER,...:]PATH". Pure. A path with ".." is an error, because it could lead out.
Result<SubCgroup> parse_sub_cgroup(std::string_view text);

// Descriptors of the container's cgroups, or of the named cgroups below them, which must exist.
// Nothing leads out of the container's cgroups, because paths are resolved below their descriptors.
// A cgroup of the container may have been removed, or made anew by another container, when no
// process was left in it. Instead of it, the cgroup of the process `pid`, the container's first
// one, is used, so that what joins has the same limits. `proc` is a checked procfs.
Result<CgroupJoin> open_cgroup(const CgroupRecord& record,
                               std::span<const SubCgroup> below,
                               int proc,
                               pid_t pid);

// The cgroup v2 of the process `pid` (in `proc`, a checked procfs), which must be the container's
// cgroup or one below it. This is for a container that has moved its processes down and enabled
// controllers: then its own cgroup takes no processes any more (EBUSY).
Result<Fd> open_cgroup_of(const CgroupRecord& record, int proc, pid_t pid);

}  // namespace sampan
