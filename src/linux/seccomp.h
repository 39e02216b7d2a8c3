// linux.seccomp (config-linux.md#seccomp), compiled to the kernel's filter programs with
// libseccomp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "spec/seccomp.h"

namespace sampan {

struct SeccompFilter {
    // One instruction each, in the layout of struct sock_filter.
    std::vector<uint64_t> instructions;
    unsigned flags = 0;  // SECCOMP_FILTER_FLAG_*, for seccomp(2)
    bool operator==(const SeccompFilter&) const = default;
};

// Does not touch the process or the system, but for memory (a memfd); takes 9 to 14 ms for a
// profile of 300 calls, so see seccomp_cache.h. Errors carry the place below /linux/seccomp.
//  - flags: SPEC_ALLOW where the field is missing (as runc); TSYNC has no meaning for one thread,
//  and
//    is not passed on.
//  - a rule with the default action, and names that no architecture knows, are skipped.
//  - two conditions on one argument make two rules (either matches), as runc does.
//  - system calls above the highest that the profile names answer ENOSYS, not the default action,
//  so
//    that programs fall back to older calls (as runc does).
Result<SeccompFilter> compile_seccomp(const spec::Seccomp& seccomp);

// Errors that need no libseccomp to find: errnoRet for an action without one (MUST error),
// NOTIFY without a listener and the reverse, what is not carried out yet.
Status check_seccomp(const spec::Seccomp& seccomp);

// Loads the filter into this process; for tests and tools. A container's filter is loaded by the
// last steps before its program. Needs no_new_privs or CAP_SYS_ADMIN.
Status load_seccomp(const SeccompFilter& filter);

// "2.5.4"
std::string seccomp_library_version();
// Names of the flags that this kernel takes ("SECCOMP_FILTER_FLAG_LOG"), for `features`.
std::vector<std::string> supported_seccomp_flags();
// One line: "seccomp filter of 412 instructions (SPEC_ALLOW)".
std::string describe(const SeccompFilter& filter);

}  // namespace sampan
