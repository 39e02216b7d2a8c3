// process.capabilities (config.md#linux-process): names, and the five sets as bit masks.
//
// The stub puts the sets in place by the last system calls before the user's program
// (launch/stub/steps.cc). Their order follows from capabilities(7) and security/commoncap.c:
//
//   1. PR_CAPBSET_DROP, one call a capability: needs CAP_SETPCAP in the effective set.
//   2. PR_SET_KEEPCAPS 1: without it step 4 empties the permitted set. execve clears it.
//   3. setgroups, setresgid: need CAP_SETGID in the effective set.
//   4. setresuid: a change from 0 to another id empties the effective and the ambient set, whatever
//      PR_SET_KEEPCAPS says.
//   5. capset, all three sets in one call. EPERM unless permitted is within the old permitted set,
//      effective is within the new permitted set, and inheritable is within bounding or the old
//      inheritable set. Step 4 took CAP_SETPCAP, so inheritable must also be within the old
//      inheritable or the old permitted set.
//   6. PR_CAP_AMBIENT_CLEAR_ALL, for those of the caller: step 4 does not clear them if the user id
//      stays 0. Then PR_CAP_AMBIENT_RAISE, one call a capability: EPERM unless it is permitted and
//      inheritable. After step 5, because capset lowers ambient to what permitted and inheritable
//      both hold.
//   7. Here the stub waits for the start, and runs the startContainer hooks.
//   8. no_new_privs, which keeps the ambient set, and then the seccomp filter: as late as possible,
//      so that it need not allow what we do ourselves. Loading a filter without no_new_privs needs
//      CAP_SYS_ADMIN. Where the container does not have it, step 5 keeps it until here, and a last
//      capset takes it away.
//
// The planner leaves nothing in the sets that steps 5 and 6 would refuse, except for capabilities
// that the process itself lacks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "spec/process.h"

namespace sampan {

// A bit for each capability, 1 << CAP_*.
struct CapabilitySets {
    uint64_t bounding = 0;
    uint64_t effective = 0;
    uint64_t permitted = 0;
    uint64_t inheritable = 0;
    uint64_t ambient = 0;
    bool operator==(const CapabilitySets&) const = default;
};

struct CapabilityPlan {
    CapabilitySets sets;
    // What was asked for and is left out: config.md says that this is a warning.
    std::vector<Problem> warnings;
    bool operator==(const CapabilityPlan&) const = default;
};

struct CapabilityLimits {
    // Number of the kernel's newest capability (Host::last_capability).
    unsigned last = 0;
    // What can be granted: our permitted set, or everything in a new user namespace.
    uint64_t grantable = ~uint64_t{0};
};

// Pure. `pointer` is the place of the process object: "/process" in config.json, "" in a file of
// its own. Without `capabilities` all sets are empty: a process that asks for none gets none (as
// with crun; runc leaves the sets alone, which gives root everything).
CapabilityPlan plan_capabilities(const spec::Process& process,
                                 const CapabilityLimits& limits,
                                 std::string_view pointer);

// What execve(2) makes of them, if the program's file has no capabilities of its own
// (capabilities(7)). `no_new_privileges`: what is gained is taken away again. Pure.
CapabilitySets after_execve(const CapabilitySets& sets, bool is_root, bool no_new_privileges);
// The sets as lists of names.
spec::Capabilities to_names(const CapabilitySets& sets);

// "CAP_CHOWN", in upper or lower case; nothing if the name is unknown. The prefix is required.
std::optional<unsigned> capability_number(std::string_view name);
// "CAP_CHOWN" for a number; "CAP_63" if we have no name for it.
std::string capability_name(unsigned number);
// All known names in the order of their numbers.
std::vector<std::string> capability_names();
// "CAP_CHOWN CAP_KILL"; "none" for no bit.
std::string describe_capabilities(uint64_t set);
std::string describe(const CapabilitySets& sets);

// The data of capset(2), version _LINUX_CAPABILITY_VERSION_3: effective, permitted, inheritable of
// the low 32 bits, then of the high ones.
std::array<uint32_t, 6> capset_words(const CapabilitySets& sets);
// Numbers of the bits, ascending.
std::vector<unsigned> capability_numbers(uint64_t set);

}  // namespace sampan
