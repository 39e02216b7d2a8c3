// Facts about the machine and about ourselves that decisions depend on. A plain value: a test fills
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
    // Our user namespace is not the initial one (its uid_map does not map everything).
    bool in_user_namespace = false;
    // Effective capabilities, a bit each (CAP_* of <linux/capability.h>).
    uint64_t capabilities = 0;
    // Number of the kernel's newest capability.
    unsigned last_capability = 40;
    // Our hard limit RLIMIT_NPROC; the largest number where there is none.
    uint64_t most_processes = ~uint64_t{0};
    // Security modules that are active.
    bool apparmor = false;
    bool selinux = false;
    CgroupLayout cgroups;

    // Root with all that a container needs; otherwise a user namespace has to give it.
    [[nodiscard]] bool is_privileged() const;
};

// A bit each, as Host::capabilities.
Result<uint64_t> effective_capabilities();
// Whether our user namespace is not the initial one (user_namespaces(7)).
Result<bool> in_user_namespace();

// Reads all of it: our ids and capabilities, /proc/self/{uid_map,cgroup,mountinfo}, security
// modules.
Result<Host> read_host();

}  // namespace sampan
