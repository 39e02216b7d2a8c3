// Facts about the machine and about ourselves on which decisions depend. A plain value: tests fill
// one in by hand.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "host/cgroup_layout.h"

namespace sampan {

struct Host {
    uid_t euid = 0;
    gid_t egid = 0;
    // Our user namespace is not the initial one (its uid_map does not map every id).
    bool in_user_namespace = false;
    // The effective capabilities as bits (CAP_* of <linux/capability.h>).
    uint64_t capabilities = 0;
    // Number of the kernel's newest capability.
    unsigned last_capability = 40;
    // Our hard limit RLIMIT_NPROC; the largest number if there is no limit.
    uint64_t most_processes = ~uint64_t{0};
    // The security modules that are active.
    bool apparmor = false;
    bool selinux = false;
    CgroupLayout cgroups;

    // True if we are root with everything that a container needs; otherwise the container needs a
    // user namespace.
    [[nodiscard]] bool is_privileged() const;
};

// As bits, like Host::capabilities.
Result<uint64_t> effective_capabilities();
// Whether our user namespace is not the initial one (user_namespaces(7)).
Result<bool> in_user_namespace();

// Reads all facts: our ids and capabilities, /proc/self/{uid_map,cgroup,mountinfo}, security
// modules.
Result<Host> read_host();

}  // namespace sampan
