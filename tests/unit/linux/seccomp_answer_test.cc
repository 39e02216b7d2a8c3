#include "linux/seccomp_answer.h"

#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <string>

#include <doctest/doctest.h>

using namespace sampan;
using enum spec::SeccompAction;

namespace {

// The answer to mkdir(2) of a filter that has one rule about it and many about other calls.
std::optional<uint32_t> answer(spec::SeccompAction action, bool about_arguments = false) {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_log;
    spec::SeccompSyscall rule;
    rule.names = {"mkdirat"};  // of every architecture
    rule.action = action;
    if (about_arguments)
        rule.args = {{.index = 0, .value = 0, .op = spec::SeccompOperator::scmp_cmp_eq}};
    spec::SeccompSyscall others;
    for (const char* name : {"read", "write", "open", "close", "stat", "execve", "exit", "setuid"})
        others.names.emplace_back(name);
    others.action = scmp_act_allow;
    seccomp.syscalls = {rule, others};
    const Result<SeccompFilter> filter = compile_seccomp(seccomp);
    REQUIRE_MESSAGE(filter, filter.error().message());
    CHECK(answer_of(*filter, SYS_execve) == SECCOMP_RET_ALLOW);
    CHECK(answer_of(*filter, SYS_chdir) == SECCOMP_RET_LOG);
    return answer_of(*filter, SYS_mkdirat);
}

std::string refusal(std::optional<uint32_t> found) {
    REQUIRE(found.has_value());
    const char* name = refusal_name(*found);
    return name == nullptr ? "" : name;
}

}  // namespace

TEST_CASE("seccomp answer: it is that of the call's rule") {
    CHECK(answer(scmp_act_kill_process) == SECCOMP_RET_KILL_PROCESS);
    CHECK(answer(scmp_act_allow) == SECCOMP_RET_ALLOW);
    CHECK(answer(scmp_act_errno) == (SECCOMP_RET_ERRNO | 1U));
}

TEST_CASE("seccomp answer: what depends on the arguments is not known") {
    CHECK_FALSE(answer(scmp_act_errno, true).has_value());
}

TEST_CASE("seccomp answer: refusals are those which nobody can turn into a success") {
    CHECK(refusal(answer(scmp_act_kill)) == "SCMP_ACT_KILL");
    CHECK(refusal(answer(scmp_act_kill_process)) == "SCMP_ACT_KILL_PROCESS");
    CHECK(refusal(answer(scmp_act_trap)) == "SCMP_ACT_TRAP");
    CHECK(refusal(answer(scmp_act_errno)) == "SCMP_ACT_ERRNO");
    CHECK(refusal(answer(scmp_act_trace)).empty());
    CHECK(refusal(answer(scmp_act_allow)).empty());
}

TEST_CASE("seccomp answer: a program that is none has no answer") {
    CHECK_FALSE(answer_of(SeccompFilter{}, SYS_read).has_value());
    CHECK_FALSE(answer_of(SeccompFilter{{~uint64_t{0}}, 0}, SYS_read).has_value());
}
