// What this machine lets this user do, tried by the calls that create makes. Nothing is left of the
// tries: they happen in children with namespaces of their own, on mounts that are never attached.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "host/host.h"
#include "host/user_namespaces.h"

namespace sampan {

// One try. Nothing in `error`: it worked.
struct Probe {
    std::optional<Error> error;
    [[nodiscard]] bool works() const { return !error; }
};

// Something of the kernel's system calls that create makes use of.
struct CallProbe {
    std::string name;
    std::string since;  // the release of Linux that has it first, for people
    int code = 0;       // 0: the kernel has it; otherwise errno, mostly ENOSYS
    std::string lost;   // what is not possible without it; "": create cannot do without it
};

struct CgroupAccess {
    std::vector<std::string> controllers;  // that a container can get
    // Whether processes may be moved to where a container's cgroup would be, and it be made there.
    Probe place;
    std::string directory;  // in which it would be; "": none
    bool has_kill = false;  // cgroup.kill (v2)
    int clone_code = 0;     // errno of a clone3(2) into a cgroup (v2); 0: it works, or may
};

struct SubordinateIds {
    std::string user;
    uint64_t uids = 0;
    uint64_t gids = 0;
    bool has_helpers = false;  // newuidmap and newgidmap
};

struct Surroundings {
    std::string runtime_dir;  // $XDG_RUNTIME_DIR
    CgroupManager manager = CgroupManager::cgroupfs;
};

struct HostProbes {
    CgroupManager manager = CgroupManager::cgroupfs;  // that is going to be used
    Host host;
    std::string release;  // of the kernel, as uname(2) has it
    std::vector<CallProbe> calls;
    std::vector<std::string> missing_namespaces;
    int seccomp_code = 0;
    int notify_code = 0;
    UserNamespaceLimits limits;
    Probe user_namespace;  // with root's rights in it
    Probe own_mounts;      // a mount namespace
    // In a new user namespace unless we are privileged.
    Probe new_proc;
    Probe overlay;
    Probe idmapped;  // only if we are privileged
    CgroupAccess cgroups;
    SubordinateIds subordinate_ids;
    std::string runtime_dir;
    bool has_runtime_dir = false;
    bool runs_systemd = false;
    bool has_systemd_helper = false;
    bool has_user_bus = false;
    std::string security_modules;  // "capability,apparmor"; "": not known
};

Result<HostProbes> probe_host(const Surroundings& surroundings);

}  // namespace sampan
