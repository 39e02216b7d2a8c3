#include "linux/keyring.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

namespace sampan {

std::string describe(const JoinKeyring& step) {
    return format("join the new session keyring {}", step.name);
}

Status apply(const JoinKeyring& step, Context&) {
    if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, step.name.c_str()) >= 0) return {};
    if (errno == ENOSYS || errno == EPERM) return {};
    return fail_errno("keyctl(KEYCTL_JOIN_SESSION_KEYRING)");
}

}  // namespace sampan
