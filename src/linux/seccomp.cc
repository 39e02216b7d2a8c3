#include "linux/seccomp.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>  // NOLINT(readability-duplicate-include): the kernel's, not ours
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <memory>
#include <optional>

#include <seccomp.h>

#include "base/text.h"
#include "linux/seccomp_enosys.h"
#include "os/fd.h"

namespace sampan {

namespace {

using spec::SeccompAction;
using spec::SeccompArch;
using spec::SeccompFlag;
using spec::SeccompOperator;

using Filter = std::unique_ptr<void, void (*)(scmp_filter_ctx)>;

// Names for seccomp_arch_resolve_name(3), which says what the installed libseccomp knows.
struct ArchName {
    SeccompArch arch;
    const char* name;
};
constexpr ArchName arch_names[] = {
    {SeccompArch::scmp_arch_x86, "x86"},
    {SeccompArch::scmp_arch_x86_64, "x86_64"},
    {SeccompArch::scmp_arch_x32, "x32"},
    {SeccompArch::scmp_arch_arm, "arm"},
    {SeccompArch::scmp_arch_aarch64, "aarch64"},
    {SeccompArch::scmp_arch_mips, "mips"},
    {SeccompArch::scmp_arch_mips64, "mips64"},
    {SeccompArch::scmp_arch_mips64n32, "mips64n32"},
    {SeccompArch::scmp_arch_mipsel, "mipsel"},
    {SeccompArch::scmp_arch_mipsel64, "mipsel64"},
    {SeccompArch::scmp_arch_mipsel64n32, "mipsel64n32"},
    {SeccompArch::scmp_arch_ppc, "ppc"},
    {SeccompArch::scmp_arch_ppc64, "ppc64"},
    {SeccompArch::scmp_arch_ppc64le, "ppc64le"},
    {SeccompArch::scmp_arch_s390, "s390"},
    {SeccompArch::scmp_arch_s390x, "s390x"},
    {SeccompArch::scmp_arch_parisc, "parisc"},
    {SeccompArch::scmp_arch_parisc64, "parisc64"},
    {SeccompArch::scmp_arch_riscv64, "riscv64"},
    {SeccompArch::scmp_arch_loongarch64, "loongarch64"},
    {SeccompArch::scmp_arch_m68k, "m68k"},
    {SeccompArch::scmp_arch_sh, "sh"},
    {SeccompArch::scmp_arch_sheb, "sheb"},
};

constexpr uint32_t max_args = 6;
constexpr uint32_t default_errno = EPERM;

uint32_t action_value(SeccompAction action, const std::optional<uint32_t>& errno_ret) {
    const uint32_t data = errno_ret.value_or(default_errno);
    switch (action) {
        case SeccompAction::scmp_act_kill:
        case SeccompAction::scmp_act_kill_thread:
            return SCMP_ACT_KILL_THREAD;
        case SeccompAction::scmp_act_kill_process:
            return SCMP_ACT_KILL_PROCESS;
        case SeccompAction::scmp_act_trap:
            return SCMP_ACT_TRAP;
        case SeccompAction::scmp_act_errno:
            return SCMP_ACT_ERRNO(data);
        case SeccompAction::scmp_act_trace:
            return SCMP_ACT_TRACE(data);
        case SeccompAction::scmp_act_allow:
            return SCMP_ACT_ALLOW;
        case SeccompAction::scmp_act_log:
            return SCMP_ACT_LOG;
        case SeccompAction::scmp_act_notify:
            return SCMP_ACT_NOTIFY;
    }
    return SCMP_ACT_KILL_PROCESS;
}

scmp_compare compare_value(SeccompOperator op) {
    switch (op) {
        case SeccompOperator::scmp_cmp_ne:
            return SCMP_CMP_NE;
        case SeccompOperator::scmp_cmp_lt:
            return SCMP_CMP_LT;
        case SeccompOperator::scmp_cmp_le:
            return SCMP_CMP_LE;
        case SeccompOperator::scmp_cmp_eq:
            return SCMP_CMP_EQ;
        case SeccompOperator::scmp_cmp_ge:
            return SCMP_CMP_GE;
        case SeccompOperator::scmp_cmp_gt:
            return SCMP_CMP_GT;
        case SeccompOperator::scmp_cmp_masked_eq:
            return SCMP_CMP_MASKED_EQ;
    }
    return SCMP_CMP_EQ;
}

// For MASKED_EQ, value is the mask, and valueTwo what must be left; otherwise valueTwo is ignored.
scmp_arg_cmp condition(const spec::SeccompArg& arg) {
    return {arg.index, compare_value(arg.op), arg.value, arg.value_two.value_or(0)};
}

bool repeats_an_argument(const std::vector<spec::SeccompArg>& args) {
    std::array<bool, max_args> seen{};
    for (const spec::SeccompArg& arg : args)
        if (std::exchange(seen[arg.index], true)) return true;
    return false;
}

// EEXIST: the rule exists already, which is what was asked for.
Status add_rule(const Filter& filter,
                uint32_t action,
                int call,
                std::span<const scmp_arg_cmp> conditions) {
    const int code = -seccomp_rule_add_array(
        filter.get(), action, call, static_cast<unsigned>(conditions.size()), conditions.data());
    if (code != 0 && code != EEXIST) return fail("adding a rule to the seccomp filter", code);
    return {};
}

Status add_rules(const Filter& filter, const spec::SeccompSyscall& rule, uint32_t action) {
    std::vector<scmp_arg_cmp> conditions;
    conditions.reserve(rule.args.size());
    for (const spec::SeccompArg& arg : rule.args)
        conditions.push_back(condition(arg));
    const bool separate = repeats_an_argument(rule.args);
    for (const std::string& name : rule.names) {
        const int call = seccomp_syscall_resolve_name(name.c_str());
        if (call == __NR_SCMP_ERROR) continue;
        if (!separate) {
            TRY(add_rule(filter, action, call, conditions).in(name));
            continue;
        }
        for (const scmp_arg_cmp& one : conditions)
            TRY(add_rule(filter, action, call, {&one, 1}).in(name));
    }
    return {};
}

Result<std::vector<uint32_t>> find_archs(const spec::Seccomp& seccomp) {
    std::vector<uint32_t> archs = {seccomp_arch_native()};
    for (size_t i = 0; i < seccomp.architectures.size(); ++i) {
        const ArchName* name =
            std::ranges::find(arch_names, seccomp.architectures[i], &ArchName::arch);
        const uint32_t arch =
            name == std::end(arch_names) ? 0 : seccomp_arch_resolve_name(name->name);
        if (arch == 0)
            return fail_at(
                format("/linux/seccomp/architectures/{}", i),
                format("libseccomp {} does not know the architecture", seccomp_library_version()));
        if (std::ranges::find(archs, arch) == archs.end()) archs.push_back(arch);
    }
    return archs;
}

Result<Filter> build_filter(const spec::Seccomp& seccomp, std::span<const uint32_t> archs) {
    const uint32_t default_action = action_value(seccomp.default_action, seccomp.default_errno_ret);
    Filter filter(seccomp_init(default_action), &seccomp_release);
    if (!filter)
        return fail_at("/linux/seccomp/defaultAction",
                       format("libseccomp {} does not take the action", seccomp_library_version()));
    for (const uint32_t arch : archs) {
        const int code = -seccomp_arch_add(filter.get(), arch);
        if (code != 0 && code != EEXIST)
            return fail_at("/linux/seccomp/architectures",
                           format("an architecture cannot be in one filter with the others: {}",
                                  errno_text(code)));
    }
    // A binary tree instead of a list of comparisons: it is loaded in 0.14 ms instead of 0.5, and
    // needs fewer steps for a call. libseccomp up to 2.5.4 makes a wrong program from a tree
    // without rules.
    constexpr size_t worth_a_tree = 32;
    size_t names = 0;
    for (const spec::SeccompSyscall& rule : seccomp.syscalls)
        names += rule.names.size();
    if (names > worth_a_tree) (void)seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t i = 0; i < seccomp.syscalls.size(); ++i) {
        const spec::SeccompSyscall& rule = seccomp.syscalls[i];
        const uint32_t action = action_value(rule.action, rule.errno_ret);
        // libseccomp refuses a rule that changes nothing.
        if (action == default_action) continue;
        TRY(add_rules(filter, rule, action).at(format("/linux/seccomp/syscalls/{}", i)));
    }
    return filter;
}

Result<std::vector<uint64_t>> export_filter(const Filter& filter) {
    const Fd memory(::memfd_create("seccomp", MFD_CLOEXEC));
    if (!memory.valid()) return fail_errno("memfd_create");
    const int code = -seccomp_export_bpf(filter.get(), memory.get());
    if (code != 0) return fail("compiling the seccomp filter", code);
    const off_t size = ::lseek(memory.get(), 0, SEEK_END);
    if (size < 0) return fail_errno("reading the seccomp filter");
    std::vector<uint64_t> program(static_cast<size_t>(size) / sizeof(sock_filter));
    const size_t bytes = program.size() * sizeof(uint64_t);
    const ssize_t got = ::pread(memory.get(), program.data(), bytes, 0);
    if (got < 0) return fail_errno("reading the seccomp filter");
    if (static_cast<size_t>(got) != bytes)
        return failf("reading the seccomp filter: {} of {} bytes", got, bytes);
    return program;
}

// If the default action lets a call through, or asks a tracer, new calls are not answered by
// ENOSYS.
bool hides_new_calls(SeccompAction default_action) {
    return default_action != SeccompAction::scmp_act_allow &&
           default_action != SeccompAction::scmp_act_log &&
           default_action != SeccompAction::scmp_act_trace;
}

std::vector<HighestCall> highest_calls(const spec::Seccomp& seccomp,
                                       std::span<const uint32_t> archs) {
    std::vector<HighestCall> highest;
    for (const uint32_t arch : archs) {
        int number = 0;
        for (const spec::SeccompSyscall& rule : seccomp.syscalls)
            for (const std::string& name : rule.names)
                number = std::max(number, seccomp_syscall_resolve_name_arch(arch, name.c_str()));
        const bool x32 = arch == SCMP_ARCH_X32;
        // If a profile names no call of an architecture, its age is unknown.
        if (number > 0)
            highest.push_back(
                {x32 ? uint32_t{SCMP_ARCH_X86_64} : arch, x32, static_cast<uint32_t>(number)});
    }
    return highest;
}

unsigned filter_flags(const spec::Seccomp& seccomp) {
    const bool listens = notifies(seccomp);
    unsigned flags = listens ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    if (!seccomp.flags) return flags | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    for (const SeccompFlag flag : *seccomp.flags) {
        switch (flag) {
            case SeccompFlag::seccomp_filter_flag_tsync:
                break;
            case SeccompFlag::seccomp_filter_flag_log:
                flags |= SECCOMP_FILTER_FLAG_LOG;
                break;
            case SeccompFlag::seccomp_filter_flag_spec_allow:
                flags |= SECCOMP_FILTER_FLAG_SPEC_ALLOW;
                break;
            // The kernel takes it only together with a listener.
            case SeccompFlag::seccomp_filter_flag_wait_killable_recv:
                if (listens) flags |= SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
                break;
        }
    }
    return flags;
}

}  // namespace

bool notifies(const spec::Seccomp& seccomp) {
    constexpr SeccompAction notify = SeccompAction::scmp_act_notify;
    return seccomp.default_action == notify ||
           std::ranges::find(seccomp.syscalls, notify, &spec::SeccompSyscall::action) !=
               seccomp.syscalls.end();
}

Result<SeccompFilter> compile_seccomp(const spec::Seccomp& seccomp) {
    const std::vector<uint32_t> archs = TRY(find_archs(seccomp));
    const Filter filter = TRY(build_filter(seccomp, archs));
    SeccompFilter compiled;
    if (hides_new_calls(seccomp.default_action))
        compiled.instructions = enosys_prefix(highest_calls(seccomp, archs));
    const std::vector<uint64_t> program = TRY(export_filter(filter).at("/linux/seccomp"));
    compiled.instructions.insert(compiled.instructions.end(), program.begin(), program.end());
    if (compiled.instructions.size() > BPF_MAXINSNS)
        return fail_at("/linux/seccomp",
                       format("the filter has {} instructions: the kernel takes {}",
                              compiled.instructions.size(), BPF_MAXINSNS));
    compiled.flags = filter_flags(seccomp);
    return compiled;
}

Status load_seccomp(const SeccompFilter& filter) {
    // The kernel copies the program; the structure merely lacks the const.
    auto* first = const_cast<uint64_t*>(filter.instructions.data());
    const sock_fprog program{static_cast<unsigned short>(filter.instructions.size()),
                             reinterpret_cast<sock_filter*>(first)};
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter.flags, &program) < 0)
        return fail_errno("loading the seccomp filter");
    return {};
}

std::string seccomp_library_version() {
    const scmp_version* version = seccomp_version();
    return format("{}.{}.{}", version->major, version->minor, version->micro);
}

std::vector<SeccompArch> supported_seccomp_archs() {
    std::vector<SeccompArch> archs;
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
    if (!filter) return archs;
    for (const ArchName& name : arch_names) {
        const uint32_t arch = seccomp_arch_resolve_name(name.name);
        if (arch == 0) continue;
        const int code = -seccomp_arch_add(filter.get(), arch);
        if (code == 0 || code == EEXIST) archs.push_back(name.arch);
    }
    return archs;
}

Result<std::vector<std::string>> supported_seccomp_flags() {
    struct Probe {
        unsigned flags;
        const char* name;
    };
    constexpr Probe probes[] = {
        {SECCOMP_FILTER_FLAG_TSYNC, "SECCOMP_FILTER_FLAG_TSYNC"},
        {SECCOMP_FILTER_FLAG_LOG, "SECCOMP_FILTER_FLAG_LOG"},
        {SECCOMP_FILTER_FLAG_SPEC_ALLOW, "SECCOMP_FILTER_FLAG_SPEC_ALLOW"},
        {SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_NEW_LISTENER,
         "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"},
    };
    std::vector<std::string> names;
    // The kernel checks flags before it looks at the program: EFAULT for the null pointer means
    // that it knows them.
    for (const Probe& probe : probes) {
        (void)::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, probe.flags, nullptr);
        if (errno == EFAULT) {
            names.emplace_back(probe.name);
        } else if (errno != EINVAL && errno != ENOSYS && errno != EPERM) {
            return fail_errno("asking the kernel for {}", probe.name);
        }
    }
    return names;
}

std::string describe(const SeccompFilter& filter) {
    std::string flags;
    if ((filter.flags & SECCOMP_FILTER_FLAG_LOG) != 0) flags += " log";
    if ((filter.flags & SECCOMP_FILTER_FLAG_SPEC_ALLOW) != 0) flags += " spec-allow";
    if ((filter.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0) flags += " listener";
    return format("seccomp filter of {} instructions{}{}", filter.instructions.size(),
                  flags.empty() ? "" : ", flags", flags);
}

}  // namespace sampan
