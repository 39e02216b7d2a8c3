#include "linux/seccomp.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <csignal>

#include <doctest/doctest.h>

#include "base/text.h"
#include "linux/seccomp_enosys.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using enum spec::SeccompAction;
using enum spec::SeccompOperator;
using enum spec::SeccompFlag;

namespace {

// Allows everything except what the rules say.
spec::Seccomp profile(const std::vector<spec::SeccompSyscall>& rules) {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_allow;
    seccomp.syscalls = rules;
    return seccomp;
}

// How a child ends that loads the filter and then acts.
ChildEnd under(const spec::Seccomp& seccomp, const std::function<long()>& act) {
    const Result<SeccompFilter> filter = compile_seccomp(checked(seccomp));
    REQUIRE_MESSAGE(filter, filter.error().message());
    return in_child([&] {
        (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (Status loaded = load_seccomp(*filter); !loaded) return text_of(loaded);
        errno = 0;
        const long answer = act();
        return format("{} {}", answer < 0 ? -1 : 0, errno);
    });
}

std::string answer(const spec::Seccomp& seccomp, const std::function<long()>& act) {
    return under(seccomp, act).output;
}

std::string failed_with(int code) {
    return format("-1 {}", code);
}

std::string place_of_error(const spec::Seccomp& seccomp) {
    const Result<SeccompFilter> filter = compile_seccomp(checked(seccomp));
    return filter ? "" : filter.error().pointer();
}

constexpr uint32_t x32 = 1U << 30;

// Walks through the instructions like the kernel; false if they lead behind the end, to the filter
// itself.
bool answers_enosys(const std::vector<uint64_t>& program, uint32_t arch, uint32_t call) {
    uint32_t value = 0;
    for (size_t at = 0; at < program.size(); ++at) {
        const auto step = std::bit_cast<sock_filter>(program[at]);
        bool holds = false;
        switch (step.code) {
            case BPF_LD | BPF_W | BPF_ABS:
                value = step.k == 0 ? call : arch;
                continue;
            case BPF_RET | BPF_K:
                return step.k == (SECCOMP_RET_ERRNO | ENOSYS);
            case BPF_JMP | BPF_JA:
                at += step.k;
                continue;
            case BPF_JMP | BPF_JEQ | BPF_K:
                holds = value == step.k;
                break;
            case BPF_JMP | BPF_JGT | BPF_K:
                holds = value > step.k;
                break;
            case BPF_JMP | BPF_JSET | BPF_K:
                holds = (value & step.k) != 0;
                break;
            default:
                FAIL("an instruction that is not expected");
        }
        at += holds ? step.jt : step.jf;
        REQUIRE(at < program.size());
    }
    return false;
}

long make_folder() {
    return ::mkdirat(AT_FDCWD, "/proc/nothing-to-make", 0755);
}

long get_sid(uint64_t argument) {
    return ::syscall(SYS_getsid, argument);
}

}  // namespace

TEST_CASE("seccomp: ERRNO answers EPERM, or what errnoRet says") {
    CHECK(answer(profile({{{"mkdirat"}, scmp_act_errno, {}, {}}}), make_folder) ==
          failed_with(EPERM));
    CHECK(answer(profile({{{"mkdirat"}, scmp_act_errno, 99, {}}}), make_folder) == failed_with(99));
    CHECK(answer(profile({{{"mkdirat"}, scmp_act_errno, 0, {}}}), make_folder) == "0 0");
}

TEST_CASE("seccomp: the default action and its errno") {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_errno;
    seccomp.default_errno_ret = 77;
    seccomp.syscalls = {
        {{"exit_group", "exit", "write", "getuid", "rseq"}, scmp_act_allow, {}, {}}};
    CHECK(answer(seccomp, make_folder) == failed_with(77));
    CHECK(answer(seccomp, [] { return long{::getuid()}; }) == "0 0");
}

TEST_CASE("seccomp: KILL, KILL_PROCESS and TRAP end the process with SIGSYS") {
    for (const spec::SeccompAction action :
         {scmp_act_kill, scmp_act_kill_thread, scmp_act_kill_process, scmp_act_trap}) {
        const ChildEnd end = under(profile({{{"mkdirat"}, action, {}, {}}}), make_folder);
        CHECK(end.status.signal == SIGSYS);
    }
}

TEST_CASE("seccomp: LOG lets the call through, TRACE without a tracer answers ENOSYS") {
    const auto act = [] { return ::syscall(SYS_getsid, 0); };
    CHECK(answer(profile({{{"getsid"}, scmp_act_log, {}, {}}}), act) == "0 0");
    CHECK(answer(profile({{{"getsid"}, scmp_act_trace, 5, {}}}), act) == failed_with(ENOSYS));
}

TEST_CASE("seccomp: every operator compares as it is named") {
    struct Case {
        spec::SeccompOperator op;
        uint64_t argument;
        bool matches;
    };
    constexpr uint64_t big = 0x1'0000'0005;  // more than 32 bits
    const Case cases[] = {
        {scmp_cmp_eq, big, true},      {scmp_cmp_eq, 5, false},       {scmp_cmp_ne, big, false},
        {scmp_cmp_ne, 5, true},        {scmp_cmp_lt, big - 1, true},  {scmp_cmp_lt, big, false},
        {scmp_cmp_le, big, true},      {scmp_cmp_le, big + 1, false}, {scmp_cmp_ge, big, true},
        {scmp_cmp_ge, big - 1, false}, {scmp_cmp_gt, big + 1, true},  {scmp_cmp_gt, big, false},
    };
    for (const Case& each : cases) {
        CAPTURE(static_cast<int>(each.op));
        CAPTURE(each.argument);
        const spec::SeccompArg arg{0, big, std::nullopt, each.op};
        const std::string got = answer(profile({{{"getsid"}, scmp_act_errno, 99, {arg}}}),
                                       [&] { return get_sid(each.argument); });
        CHECK((got == failed_with(99)) == each.matches);
    }
}

TEST_CASE("seccomp: MASKED_EQ compares what the mask leaves with valueTwo") {
    const spec::SeccompArg arg{0, 0xF0, 0x20, scmp_cmp_masked_eq};
    const spec::Seccomp seccomp = profile({{{"getsid"}, scmp_act_errno, 99, {arg}}});
    CHECK(answer(seccomp, [] { return get_sid(0x2F); }) == failed_with(99));
    CHECK(answer(seccomp, [] { return get_sid(0x3F); }) != failed_with(99));
}

TEST_CASE("seccomp: conditions on several arguments must all hold") {
    const spec::Seccomp seccomp =
        profile({{{"fcntl"},
                  scmp_act_errno,
                  99,
                  {{1, F_GETFD, {}, scmp_cmp_eq}, {2, 7, {}, scmp_cmp_eq}}}});
    CHECK(answer(seccomp, [] { return ::syscall(SYS_fcntl, 0, F_GETFD, 7); }) == failed_with(99));
    CHECK(answer(seccomp, [] { return ::syscall(SYS_fcntl, 0, F_GETFD, 8); }) != failed_with(99));
}

TEST_CASE("seccomp: two conditions on one argument are two rules, either is enough") {
    const spec::Seccomp seccomp = profile(
        {{{"getsid"}, scmp_act_errno, 99, {{0, 1, {}, scmp_cmp_eq}, {0, 4, {}, scmp_cmp_eq}}}});
    CHECK(answer(seccomp, [] { return get_sid(1); }) == failed_with(99));
    CHECK(answer(seccomp, [] { return get_sid(4); }) == failed_with(99));
    CHECK(answer(seccomp, [] { return get_sid(0); }) == "0 0");
}

TEST_CASE("seccomp: unknown calls, rules of the default action, and repeated ones are no error") {
    const spec::Seccomp seccomp = profile({{{"no_such_call", "mkdirat"}, scmp_act_errno, {}, {}},
                                           {{"mkdirat"}, scmp_act_errno, {}, {}},
                                           {{"getpid"}, scmp_act_allow, {}, {}}});
    CHECK(answer(seccomp, make_folder) == failed_with(EPERM));
}

TEST_CASE("seccomp: many rules make a tree that answers the same") {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_errno;
    seccomp.default_errno_ret = 77;
    spec::SeccompSyscall allowed{{"exit_group", "exit", "write", "getuid"}, scmp_act_allow, {}, {}};
    for (const char* name :
         {"read",     "open",  "close",    "stat",      "fstat",  "lstat",  "poll",
          "lseek",    "mmap",  "mprotect", "munmap",    "brk",    "ioctl",  "pread64",
          "pwrite64", "readv", "writev",   "access",    "pipe",   "select", "sched_yield",
          "mremap",   "msync", "mincore",  "madvise",   "shmget", "shmat",  "shmctl",
          "dup",      "dup2",  "pause",    "nanosleep", "alarm",  "getpid", "socket"})
        allowed.names.emplace_back(name);
    seccomp.syscalls = {allowed};
    CHECK(answer(seccomp, [] { return long{::chdir("/proc/nothing-there")}; }) == failed_with(77));
    CHECK(answer(seccomp, [] { return long{::getpid()}; }) == "0 0");
}

TEST_CASE("seccomp: calls newer than the profile answer ENOSYS, older ones the default") {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_errno;
    seccomp.architectures = {spec::SeccompArch::scmp_arch_x86_64, spec::SeccompArch::scmp_arch_x86,
                             spec::SeccompArch::scmp_arch_x32};
    seccomp.syscalls = {{{"exit_group", "write", "statx"}, scmp_act_allow, {}, {}}};
    CHECK(answer(seccomp, [] { return ::syscall(SYS_openat2, 0, 0, 0, 0); }) ==
          failed_with(ENOSYS));
    CHECK(answer(seccomp, [] { return ::syscall(100000); }) == failed_with(ENOSYS));
    CHECK(answer(seccomp, make_folder) == failed_with(EPERM));
    // Only a default that refuses needs it.
    spec::Seccomp open = profile({{{"mkdirat"}, scmp_act_errno, {}, {}}});
    CHECK(answer(open, [] { return ::syscall(SYS_openat2, -1, 0, 0, 0); }) != failed_with(ENOSYS));
}

TEST_CASE("seccomp: the answer for newer calls knows every architecture of the filter") {
    const std::vector<uint64_t> program = enosys_prefix({{{AUDIT_ARCH_X86_64, false, 300},
                                                          {AUDIT_ARCH_I386, false, 200},
                                                          {AUDIT_ARCH_S390X, false, 100},
                                                          {AUDIT_ARCH_X86_64, true, x32 | 250}}});
    CHECK(answers_enosys(program, AUDIT_ARCH_X86_64, 301));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_X86_64, 300));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_X86_64, 0));
    CHECK(answers_enosys(program, AUDIT_ARCH_X86_64, x32 | 251));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_X86_64, x32 | 250));
    CHECK(answers_enosys(program, AUDIT_ARCH_I386, 201));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_I386, 200));
    CHECK(answers_enosys(program, AUDIT_ARCH_S390X, 101));
    CHECK(answers_enosys(program, AUDIT_ARCH_S390X, 0));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_S390X, 1));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_AARCH64, 1000));
    CHECK(enosys_prefix({}).empty());
}

TEST_CASE("seccomp: calls of x32 go to the filter when the profile does not know them") {
    const std::vector<uint64_t> program = enosys_prefix({{{AUDIT_ARCH_X86_64, false, 300}}});
    CHECK(answers_enosys(program, AUDIT_ARCH_X86_64, 301));
    CHECK_FALSE(answers_enosys(program, AUDIT_ARCH_X86_64, x32 | 1000));
}

TEST_CASE("seccomp: architectures that libseccomp lacks, or that do not go together, are errors") {
    spec::Seccomp seccomp = profile({});
    seccomp.architectures = {spec::SeccompArch::scmp_arch_x86, spec::SeccompArch::scmp_arch_sheb};
    if (seccomp_library_version().starts_with("2.5."))
        CHECK(place_of_error(seccomp) == "/linux/seccomp/architectures/1");
    seccomp.architectures = {spec::SeccompArch::scmp_arch_s390x};
    CHECK(place_of_error(seccomp) == "/linux/seccomp/architectures");
    seccomp.architectures = {spec::SeccompArch::scmp_arch_aarch64};
    CHECK(place_of_error(seccomp) == "");
}

TEST_CASE("seccomp: NOTIFY gets the flag") {
    spec::Seccomp seccomp = profile({{{"mkdirat"}, scmp_act_notify, {}, {}}});
    seccomp.listener_path = "/run/listener";
    const Result<SeccompFilter> filter = compile_seccomp(checked(seccomp));
    REQUIRE(filter);
    CHECK((filter->flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0);
    CHECK(notifies(seccomp));
    CHECK_FALSE(notifies(profile({})));
    // The filter does not apply to what passes the descriptor on.
    seccomp.syscalls[0].names = {"read", "write", "sendmsg"};
    CHECK(place_of_error(seccomp) == "");
    seccomp.default_action = scmp_act_notify;
    CHECK(place_of_error(seccomp) == "");
}

TEST_CASE("seccomp: the flags of the field, or SPEC_ALLOW when it is missing") {
    spec::Seccomp seccomp = profile({});
    CHECK(compile_seccomp(checked(seccomp))->flags == SECCOMP_FILTER_FLAG_SPEC_ALLOW);
    seccomp.flags.emplace();
    CHECK(compile_seccomp(checked(seccomp))->flags == 0);
    seccomp.flags = {seccomp_filter_flag_log, seccomp_filter_flag_tsync,
                     seccomp_filter_flag_wait_killable_recv};
    CHECK(compile_seccomp(checked(seccomp))->flags == SECCOMP_FILTER_FLAG_LOG);
    seccomp.listener_path = "/run/listener";
    seccomp.syscalls = {{{"mkdirat"}, scmp_act_notify, {}, {}}};
    CHECK(compile_seccomp(checked(seccomp))->flags ==
          (SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_NEW_LISTENER |
           SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV));
}

TEST_CASE("seccomp: an empty profile loads, and the kernel's flags are known") {
    CHECK(answer(profile({}), [] { return 0L; }) == "0 0");
    const std::vector<std::string> flags = supported_seccomp_flags().value();
    CHECK(std::ranges::find(flags, "SECCOMP_FILTER_FLAG_LOG") != flags.end());
    CHECK(describe(SeccompFilter{{1, 2}, SECCOMP_FILTER_FLAG_SPEC_ALLOW}) ==
          "seccomp filter of 2 instructions, flags spec-allow");
}
