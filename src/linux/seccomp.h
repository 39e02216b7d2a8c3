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

// Compiles the profile for the architecture on which we run and those that it lists. Does not touch
// the process. It takes 9 to 14 ms for a profile of 300 calls on three architectures; hence
// seccomp_cache.h. Errors have the place in config.json.
//
//  - If flags are absent, they are SPEC_ALLOW (as with runc). TSYNC, which means nothing for one
//    thread, is left out, and so is WAIT_KILLABLE_RECV without NOTIFY.
//  - Rules with the default action, and names that libseccomp does not know, are skipped.
//  - Two conditions on one argument make two rules, one of which suffices (as with runc), because
//    libseccomp takes only one condition for each argument.
//  - System calls above the highest one that the profile names answer ENOSYS instead of the default
//    action, unless that lets them through. So programs fall back to older calls (as with runc).
Result<SeccompFilter> compile_seccomp(const spec::Seccomp& seccomp);

// True for a profile with SCMP_ACT_NOTIFY: loading its filter returns a descriptor for an agent.
bool notifies(const spec::Seccomp& seccomp);

// Loads the filter into this process; for tests and tools. For a container the stub loads it, as
// one of the last steps before its program. Needs no_new_privs or CAP_SYS_ADMIN.
Status load_seccomp(const SeccompFilter& filter);

// "2.5.4"
std::string seccomp_library_version();
// Those that our libseccomp knows, and can put into one filter with the native one, because they
// have the same byte order.
std::vector<spec::SeccompArch> supported_seccomp_archs();
// Names of the flags that this kernel knows ("SECCOMP_FILTER_FLAG_LOG"), for `features`.
Result<std::vector<std::string>> supported_seccomp_flags();
// One line: "seccomp filter of 412 instructions (SPEC_ALLOW)".
std::string describe(const SeccompFilter& filter);

}  // namespace sampan
