// What is going to be done to cgroups for a container, as a plain value.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "cgroup/systemd/unit.h"
#include "host/host.h"
#include "spec/config.h"

namespace sampan {

// --cgroup-manager
enum class CgroupManager {
    cgroupfs,
    systemd,   // the cgroup is that of a transient scope; on pure cgroup v2 only
    disabled,  // the container stays in the caller's cgroup; resources are not applied
};

enum class WhenMissing { error, skip };

// One write to a file of a cgroup.
struct CgroupWrite {
    std::string controller;
    std::string file;
    std::string value;
    std::string origin;  // JSON pointer
    // What a missing file, or controller, means: `skip` where the value is what the kernel does
    // without it.
    WhenMissing when_missing = WhenMissing::error;
    // Written instead when `file` is missing; empty: none.
    std::string other_file;
    std::string other_value;
    bool operator==(const CgroupWrite&) const = default;
};

// memory.checkBeforeUpdate: limits below what is in use are refused. In bytes; absent where nothing
// is limited.
struct UsageCheck {
    std::optional<int64_t> memory;
    std::optional<int64_t> memory_and_swap;
    bool operator==(const UsageCheck&) const = default;
};

// The container's cgroup in one hierarchy.
struct CgroupDirectory {
    // Nothing of it made yet. Controllers of v2 are those that are to be enabled down to it.
    CgroupPlace place;
    // False: when we may not create it (EACCES, EPERM, EROFS), the container goes without.
    bool required = true;
    // Without privilege on v2: our own cgroup below the mount point. To move a process from there
    // to `place` we must be able to write cgroup.procs of their nearest common ancestor.
    std::optional<std::string> own_place;
    std::optional<UsageCheck> usage_check;  // before anything is written
    std::vector<CgroupWrite> writes;        // in order, before init joins
    // In order, once the container's mounts are made: the allowed device list of v1, and what would
    // keep init itself out.
    std::vector<CgroupWrite> late_writes;
    // The allowed device list of v2, at the same time: the rules of a BPF program, in order, the
    // last match wins, nothing allowed before.
    std::vector<spec::DeviceRule> device_rules;
    // v2: delegated to this uid of the host.
    std::optional<uid_t> owner;
    bool operator==(const CgroupDirectory&) const = default;
};

struct CgroupPlan {
    // Empty: the container gets no cgroup of its own.
    std::vector<CgroupDirectory> directories;
    // Made by systemd, where the directory lies.
    std::optional<SystemdUnit> unit;
    bool operator==(const CgroupPlan&) const = default;
};

// Where the container's cgroup is and what is written there (config-linux.md#control-groups). Pure.
//
// On v1 the container gets a cgroup in every mounted hierarchy, named ones (name=systemd) and those
// without limits included, as runc and crun do: cadvisor, podman stats and systemd look up a
// container in whichever they know, a container that shares a cgroup with its caller in one of them
// could be frozen or killed with the caller, and a new cgroup namespace would show the caller's
// path. It costs about 0.05 ms for each. On a hybrid host the same is done in cgroup2, although it
// may have no controllers: it gives cgroup.kill and cgroup.events. On v2 all controllers that are
// available are enabled, because clients read usage from files that exist only then.
//
// Errors: cgroupsPath that cannot be used; a resource whose controller this host lacks; resources
// asked for when no cgroup can be written. Without privilege and without resources the directories
// are not `required`. Device rules are left out without privilege: only the kernel's own rule (no
// mknod in a user namespace) can hold there. The systemd manager needs pure cgroup v2, whose whole
// tree is visible.
Result<CgroupPlan> plan_cgroup(const Spec& spec,
                               const Host& host,
                               CgroupManager manager,
                               std::string_view container_id);

// One line each: "cgroup /sys/fs/cgroup/memory/sampan-web", "memory.limit_in_bytes = 1048576 in …".
std::vector<std::string> describe(const CgroupPlan& plan);
std::string describe(const CgroupWrite& write);

}  // namespace sampan
