#include "linux/keyring.h"

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// From now on keys that this task makes have the label; "" restores the default. Init has one
// thread, so "self" without a link is its own number.
Status label_new_keys(const Context& context, const std::string& label) {
    const std::string self = TRY(read_link(context.proc.get(), "self"));
    const Fd file =
        TRY(open_beneath(context.proc.get(), format("{}/attr/keycreate", self), O_WRONLY));
    // One write, even if it is empty, which restores the default.
    return write_once(file.get(), label, "`/proc/self/attr/keycreate`");
}

Status join_session(const std::string& name) {
    if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name.c_str()) >= 0) return {};
    if (errno == ENOSYS || errno == EPERM) return {};
    Error error("keyctl(KEYCTL_JOIN_SESSION_KEYRING)", errno);
    if (error.code() == EDQUOT)
        error.set_hint(
            "a user may only have so many keys, and those of containers that are gone still count "
            "for a while: raise kernel.keys.maxkeys (of root: kernel.keys.root_maxkeys), or make "
            "containers with --no-new-keyring");
    return Failure(std::move(error));
}

}  // namespace

JoinKeyring plan_keyring(const std::optional<spec::Process>& process, const std::string& id) {
    const bool labelled = process && process->selinux_label;
    return {.origin = "", .name = "_ses." + id, .label = labelled ? *process->selinux_label : ""};
}

std::string describe(const JoinKeyring& step) {
    return format("join the new session keyring {}", step.name);
}

Status apply(const JoinKeyring& step, Context& context) {
    if (step.label.empty()) return join_session(step.name);
    TRY(label_new_keys(context, step.label));
    TRY(join_session(step.name));
    return label_new_keys(context, "");
}

}  // namespace sampan
