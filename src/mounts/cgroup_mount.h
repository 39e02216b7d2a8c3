// A mount of type "cgroup" (config-linux.md#default-filesystems): the cgroups of the host, whatever
// their version, as far as the container may see them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "spec/config.h"

namespace sampan {

struct Host;
struct CgroupLayout;

// One hierarchy; in the container it is at destination/name.
struct CgroupView {
    std::string name;                // "cpu,cpuacct", "systemd", "unified"
    std::vector<std::string> links;  // "cpu", "cpuacct", if they are mounted together
    std::string type;                // "cgroup" or "cgroup2"
    std::string options;             // v1: which hierarchy, "cpu,cpuacct", "name=systemd"
    // Where the host has mounted it, and which part of it that mount shows. For a bind.
    std::string host_mount;
    std::string host_root;
    bool operator==(const CgroupView&) const = default;
};

struct MountCgroup {
    std::string origin;
    std::string destination;
    // With a new cgroup namespace, the file system is mounted anew and shows the root of that
    // namespace. Otherwise it is bound from the host's mount: with cgroup v1 only the container's
    // own cgroup; with pure cgroup2 all of the host's, as with runc and crun, because the paths in
    // /proc/self/cgroup start there. It is read-only unless the options say "rw"; the container's
    // own cgroup is so only in a user namespace.
    bool fresh = false;
    // v2, and the hierarchy that is forced to be there: on the destination itself. v1 and hybrid:
    // below a tmpfs.
    std::optional<CgroupView> unified;
    std::vector<CgroupView> views;
    std::string label;     // label_option() of the tmpfs; "" for none
    MountChanges changes;  // for each of them; propagation only for the destination
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

// A few options are allowed; no other one means anything. Hierarchies of v1 keep the options that
// they have on the host; on a host with v1, options of either version are ignored.
Status check_cgroup_options(const std::vector<std::string>& data, const CgroupLayout& layout);

// run.oci.systemd.force_cgroup_v1=PATH: whether what is mounted at `destination` has to be the
// hierarchy name=systemd, whatever config.json mounts there. For old versions of systemd in a
// container, on a host with cgroup v2 that has this hierarchy too.
bool is_forced_to_v1(const Spec& spec, std::string_view destination);
// That mount. It is an error if the host does not have the hierarchy.
Result<MountCgroup> plan_forced_mount(const Spec& spec,
                                      const Host& host,
                                      const CgroupMountRequest& request);

std::string describe(const MountCgroup& step);
// Init is already in the container's cgroups.
Status apply(const MountCgroup& step, Context& context);

}  // namespace sampan
