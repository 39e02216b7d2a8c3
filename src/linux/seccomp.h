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

// Compiles the profile for the architecture we run on and those listed. Does not touch the process;
// takes 9 to 14 ms for a profile of 300 calls on three architectures, so see seccomp_cache.h.
// Errors carry the place in config.json.
//  - flags: SPEC_ALLOW where the field is missing (as runc); TSYNC, which means nothing for one
//    thread, is left out, and WAIT_KILLABLE_RECV without NOTIFY, too.
//  - a rule with the default action, and names that libseccomp does not know, are skipped.
//  - two conditions on one argument make two rules, of which either is enough (as runc); libseccomp
//    takes but one an argument.
//  - system calls above the highest that the profile names answer ENOSYS instead of the default
//    action, unless that lets them through: so programs fall back to older calls (as runc).
Result<SeccompFilter> compile_seccomp(const spec::Seccomp& seccomp);

// True for a profile with SCMP_ACT_NOTIFY: loading its filter gives a descriptor for an agent.
bool notifies(const spec::Seccomp& seccomp);

// Loads the filter into this process; for tests and tools. A container's filter is loaded by the
// last steps before its program. Needs no_new_privs or CAP_SYS_ADMIN.
Status load_seccomp(const SeccompFilter& filter);

// "2.5.4"
std::string seccomp_library_version();
// Those that the libseccomp we have knows and can put into one filter with the native one: of the
// same byte order.
std::vector<spec::SeccompArch> supported_seccomp_archs();
// Names of the flags that this kernel takes ("SECCOMP_FILTER_FLAG_LOG"), for `features`.
Result<std::vector<std::string>> supported_seccomp_flags();
// One line: "seccomp filter of 412 instructions (SPEC_ALLOW)".
std::string describe(const SeccompFilter& filter);

}  // namespace sampan
