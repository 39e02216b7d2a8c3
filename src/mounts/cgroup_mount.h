// A mount of type "cgroup" (config-linux.md#default-filesystems): whatever cgroups the host has, as
// the container may see them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "spec/config.h"

namespace sampan {

struct Host;
struct CgroupLayout;

// One hierarchy, in the container at destination/name.
struct CgroupView {
    std::string name;                // "cpu,cpuacct", "systemd", "unified"
    std::vector<std::string> links;  // "cpu", "cpuacct", when joined under another name
    std::string type;                // "cgroup" or "cgroup2"
    std::string options;  // v1: what selects the hierarchy, "cpu,cpuacct", "name=systemd"
    // Where the host mounts it, and what part of it that mount shows. Used for a bind.
    std::string host_mount;
    std::string host_root;
    bool operator==(const CgroupView&) const = default;
};

struct MountCgroup {
    std::string origin;
    std::string destination;
    // A new cgroup namespace: the file system is mounted afresh and shows that namespace's root.
    // Otherwise it is bound from the host's mount: with cgroup v1 the container's own cgroup, with
    // cgroup2 alone all of the host's, as runc and crun have it, since /proc/self/cgroup tells
    // paths from there; read-only unless the options say "rw" (never in a user namespace).
    bool fresh = false;
    // v2: on the destination itself. v1 and hybrid: below a tmpfs.
    std::optional<CgroupView> unified;
    std::vector<CgroupView> views;
    std::string label;     // SELinux's, of the tmpfs; "" for none
    MountChanges changes;  // of each of them; propagation of the destination only
    bool operator==(const MountCgroup&) const = default;
};

struct CgroupMountRequest {
    std::string origin;
    std::string destination;
    std::string label;
    MountChanges changes;
};
Result<MountCgroup> plan_cgroup_mount(const Spec& spec,
                                      const Host& host,
                                      const CgroupMountRequest& request);

// There are few, and no other means anything. Those of the host's hierarchies of v1 are theirs, and
// stay so; there, a word of either version is passed over.
Status check_cgroup_options(const std::vector<std::string>& data, const CgroupLayout& layout);

std::string describe(const MountCgroup& step);
// Init is in the container's cgroups already.
Status apply(const MountCgroup& step, Context& context);

}  // namespace sampan
