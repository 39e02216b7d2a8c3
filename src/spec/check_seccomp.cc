#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/tables.h"

namespace sampan::spec {

namespace {

constexpr const char* seccomp_pointer = "/linux/seccomp";

bool takes_errno(SeccompAction action) {
    return action == SeccompAction::scmp_act_errno || action == SeccompAction::scmp_act_trace;
}

void check_errno(SeccompAction action,
                 const std::optional<uint32_t>& value,
                 const std::string& pointer,
                 Findings& findings) {
    if (!value) return;
    if (!takes_errno(action)) {
        return findings.error(pointer, format("{} returns no errno", name_of(action)),
                              "remove it, or use SCMP_ACT_ERRNO");
    }
    // The kernel cuts an errno, and the message to a tracer to 16 bits.
    const uint32_t limit = action == SeccompAction::scmp_act_errno ? 4095 : 65535;
    if (*value > limit) findings.error(pointer, format("{} is above {}", *value, limit));
}

void check_syscall(const SeccompSyscall& rule, const std::string& pointer, Findings& findings) {
    check_errno(rule.action, rule.errno_ret, pointer + "/errnoRet", findings);
    for (size_t i = 0; i < rule.args.size(); ++i) {
        if (rule.args[i].index > 5) {
            findings.error(format("{}/args/{}/index", pointer, i),
                           "a system call has six arguments, 0 to 5");
        }
    }
}

}  // namespace

void check_seccomp(const Seccomp& seccomp, Findings& findings) {
    check_errno(seccomp.default_action, seccomp.default_errno_ret,
                format("{}/defaultErrnoRet", seccomp_pointer), findings);
    if (seccomp.default_action == SeccompAction::scmp_act_notify && !seccomp.listener_path) {
        findings.error(format("{}/defaultAction", seccomp_pointer),
                       "SCMP_ACT_NOTIFY needs an agent that listens",
                       "add \"listenerPath\" to linux.seccomp");
    }
    if (seccomp.listener_metadata && !seccomp.listener_path) {
        findings.error(format("{}/listenerMetadata", seccomp_pointer),
                       "listenerMetadata has no receiver without listenerPath",
                       "add \"listenerPath\"");
    }
    for (size_t i = 0; i < seccomp.syscalls.size(); ++i) {
        const std::string pointer = format("{}/syscalls/{}", seccomp_pointer, i);
        check_syscall(seccomp.syscalls[i], pointer, findings);
        if (seccomp.syscalls[i].action == SeccompAction::scmp_act_notify &&
            !seccomp.listener_path) {
            findings.error(pointer + "/action", "SCMP_ACT_NOTIFY needs an agent that listens",
                           "add \"listenerPath\" to linux.seccomp");
        }
    }
}

}  // namespace sampan::spec
