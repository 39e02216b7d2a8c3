// process.capabilities (config.md#linux-process): names, and the five sets as bit masks.
//
// The sets are put in place by the last steps before the user's program, a list of raw system
// calls. The kernel accepts them in this order only (capabilities(7), security/commoncap.c):
//
//   1. PR_CAPBSET_DROP, one call a capability, while CAP_SETPCAP is effective.
//   2. A seccomp filter without no_new_privs: here, while CAP_SYS_ADMIN is effective.
//   3. PR_SET_KEEPCAPS 1: or step 5 would empty the permitted set. execve clears it.
//   4. setgroups, setresgid: while CAP_SETGID is effective.
//   5. setresuid: from 0 to another id it empties the effective and the ambient set, KEEPCAPS or
//   not.
//   6. capset, all three sets in one call. EPERM unless permitted is within the old permitted set,
//      effective within the new permitted set, and inheritable within bounding or the old
//      inheritable set (without effective CAP_SETPCAP, which step 5 took: also within inheritable
//      or the old permitted set).
//   7. PR_CAP_AMBIENT_CLEAR_ALL, then PR_CAP_AMBIENT_RAISE one by one: EPERM unless the capability
//   is
//      permitted and inheritable. After 6, since capset lowers ambient to what both still hold.
//   8. no_new_privs, and the seccomp filter that needs it. no_new_privs keeps ambient ones.
//
// The planner leaves nothing in the sets that 6 and 7 refuse, but for what the process does not
// have.
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
    // What was asked for and is left out: config.md says to warn and go on.
    std::vector<Problem> warnings;
    bool operator==(const CapabilityPlan&) const = default;
};

struct CapabilityLimits {
    // Number of the kernel's newest capability (Host::last_capability).
    unsigned last = 0;
    // What can be granted: our permitted set; everything where a new user namespace is made.
    uint64_t grantable = ~uint64_t{0};
};

// Pure. `pointer` is the place of the process object: "/process" in config.json, "" in a file of
// its own. Without `capabilities` all sets are empty: who asks for none gets none (crun does so
// too; runc leaves the sets alone, which gives root everything).
CapabilityPlan plan_capabilities(const spec::Process& process,
                                 const CapabilityLimits& limits,
                                 std::string_view pointer);

// "CAP_CHOWN", in any case of letters; nothing where the name is unknown. The prefix is required.
std::optional<unsigned> capability_number(std::string_view name);
// "CAP_CHOWN" of a number; "CAP_63" where we have no name for it.
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
