#include "linux/seccomp_check.h"

#include <linux/capability.h>
#include <sys/syscall.h>

#include "base/text.h"
#include "linux/seccomp_answer.h"

namespace sampan {

bool lacks_privilege_for_filter(const Credentials& who) {
    constexpr uint64_t sys_admin = uint64_t{1} << CAP_SYS_ADMIN;
    const CapabilitySets& sets = who.capabilities;
    return !who.no_new_privileges && (sets.permitted & sets.effective & sys_admin) == 0;
}

namespace {

Status check_call(const SeccompFilter& filter,
                  uint32_t number,
                  const char* what,
                  const char* hint) {
    const std::optional<uint32_t> answer = answer_of(filter, number);
    const char* refusal = answer ? refusal_name(*answer) : nullptr;
    if (refusal == nullptr) return {};
    return fail_at("/linux/seccomp", format("the seccomp filter answers {} with {}", what, refusal),
                   hint);
}

}  // namespace

Status check_filter(const SeccompFilter& filter, const Credentials& credentials) {
    TRY(check_call(filter, SYS_execve, "execve(2), which executes the program,", "allow execve"));
    if (!lacks_privilege_for_filter(credentials)) return {};
    return check_call(filter, SYS_capset, "capset(2), which takes CAP_SYS_ADMIN away again,",
                      "allow capset, or set process.noNewPrivileges: then nothing has to be taken "
                      "away after the filter was loaded");
}

}  // namespace sampan
