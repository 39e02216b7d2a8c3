// What will be done to cgroups for a container, as a plain value.
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
    systemd,   // a transient scope of systemd
    disabled,  // the container stays in the caller's cgroup; resources are not applied
};

enum class WhenMissing { error, skip };

// One write to a file of a cgroup.
struct CgroupWrite {
    std::string controller;
    std::string file;
    std::string value;
    std::string origin;  // JSON pointer
    // What it means if the file, or the controller, is missing. `skip`: the kernel without it does
    // what the value asks for.
    WhenMissing when_missing = WhenMissing::error;
    // The file that is written if `file` is missing; empty: none.
    std::string other_file;
    std::string other_value;
    bool operator==(const CgroupWrite&) const = default;
};

// memory.checkBeforeUpdate: limits below the memory in use are refused. In bytes; absent if there
// is no limit.
struct UsageCheck {
    std::optional<int64_t> memory;
    std::optional<int64_t> memory_and_swap;
    bool operator==(const UsageCheck&) const = default;
};

// The container's cgroup in one hierarchy.
struct CgroupDirectory {
    // None of it is made yet. On v2 its controllers are those that must be enabled down to it.
    CgroupPlace place;
    // False: if we may not make it (EACCES, EPERM, EROFS), the container does without.
    bool required = true;
    // Without privilege on v2: our own cgroup, below the mount point. To move a process from there
    // to `place`, we must be allowed to write cgroup.procs of their nearest common ancestor.
    std::optional<std::string> own_place;
    // On v2: the cgroup below the mount point that systemd has delegated to us and in which `place`
    // is. What is above it belongs to systemd.
    std::optional<std::string> unit;
    // We are in that very cgroup. It gives controllers to `place` only when it has no process.
    bool in_unit = false;
    // config.json does not say where it is. If it exists, it must be one that we have made.
    bool is_default = false;
    std::optional<UsageCheck> usage_check;  // before anything is written
    std::vector<CgroupWrite> writes;        // in order, before init joins
    // In their order, once the container's mounts are made: the allowed device list of v1, and
    // limits that would keep init itself out.
    std::vector<CgroupWrite> late_writes;
    // The allowed device list of v2, set at the same time: rules of a BPF program, in their order.
    // The last match wins, and nothing is allowed before the first rule.
    std::vector<spec::DeviceRule> device_rules;
    // v2: the uid of the host to which it is delegated, or `inner` if there is one.
    std::optional<uid_t> owner;
    // v2, run.oci.delegate-cgroup: a cgroup below `place`, "payload" or "a/b", to which init moves
    // once its cgroup namespace has begun at `place`. It has no limits of its own.
    std::string inner;
    bool operator==(const CgroupDirectory&) const = default;
};

struct CgroupPlan {
    // Empty: the container gets no cgroup of its own.
    std::vector<CgroupDirectory> directories;
    // If systemd makes the directory.
    std::optional<SystemdUnit> unit;
    bool operator==(const CgroupPlan&) const = default;
};

// Where the container's cgroup is and what is written there (config-linux.md#control-groups). Pure.
//
// On v1 the container gets a cgroup in every mounted hierarchy, also in named ones (name=systemd)
// and in those without limits, as with runc and crun. There are three reasons: cadvisor, podman
// stats and systemd look a container up in whichever hierarchy they know; a container that shares a
// cgroup with its caller could be frozen or killed with the caller; and a new cgroup namespace
// would show the caller's path. Each costs about 0.05 ms. On a hybrid host the same is done in
// cgroup2, even if it has no controllers, for cgroup.kill and cgroup.events. On v2 all available
// controllers are enabled, because clients read usage from files that only exist then.
//
// Errors: a cgroupsPath that cannot be used; a resource whose controller this host lacks;
// resources, if no cgroup can be written. Without privilege and without resources the directories
// are not `required`. Without privilege device rules are left out: only the kernel's own rule can
// hold there (no mknod in a user namespace). The systemd manager needs a view of the whole
// tree of systemd's cgroups.
Result<CgroupPlan> plan_cgroup(const Spec& spec,
                               const Host& host,
                               CgroupManager manager,
                               std::string_view container_id);

std::string describe(const CgroupWrite& write);

}  // namespace sampan
