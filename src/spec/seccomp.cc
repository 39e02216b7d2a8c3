#include "spec/seccomp.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const Words& words_of<SeccompAction>() {
    static constexpr Word table[] = {
        word("SCMP_ACT_KILL", SeccompAction::scmp_act_kill),
        word("SCMP_ACT_KILL_PROCESS", SeccompAction::scmp_act_kill_process),
        word("SCMP_ACT_KILL_THREAD", SeccompAction::scmp_act_kill_thread),
        word("SCMP_ACT_TRAP", SeccompAction::scmp_act_trap),
        word("SCMP_ACT_ERRNO", SeccompAction::scmp_act_errno),
        word("SCMP_ACT_TRACE", SeccompAction::scmp_act_trace),
        word("SCMP_ACT_ALLOW", SeccompAction::scmp_act_allow),
        word("SCMP_ACT_LOG", SeccompAction::scmp_act_log),
        word("SCMP_ACT_NOTIFY", SeccompAction::scmp_act_notify),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<SeccompArch>() {
    static constexpr Word table[] = {
        word("SCMP_ARCH_X86", SeccompArch::scmp_arch_x86),
        word("SCMP_ARCH_X86_64", SeccompArch::scmp_arch_x86_64),
        word("SCMP_ARCH_X32", SeccompArch::scmp_arch_x32),
        word("SCMP_ARCH_ARM", SeccompArch::scmp_arch_arm),
        word("SCMP_ARCH_AARCH64", SeccompArch::scmp_arch_aarch64),
        word("SCMP_ARCH_MIPS", SeccompArch::scmp_arch_mips),
        word("SCMP_ARCH_MIPS64", SeccompArch::scmp_arch_mips64),
        word("SCMP_ARCH_MIPS64N32", SeccompArch::scmp_arch_mips64n32),
        word("SCMP_ARCH_MIPSEL", SeccompArch::scmp_arch_mipsel),
        word("SCMP_ARCH_MIPSEL64", SeccompArch::scmp_arch_mipsel64),
        word("SCMP_ARCH_MIPSEL64N32", SeccompArch::scmp_arch_mipsel64n32),
        word("SCMP_ARCH_PPC", SeccompArch::scmp_arch_ppc),
        word("SCMP_ARCH_PPC64", SeccompArch::scmp_arch_ppc64),
        word("SCMP_ARCH_PPC64LE", SeccompArch::scmp_arch_ppc64le),
        word("SCMP_ARCH_S390", SeccompArch::scmp_arch_s390),
        word("SCMP_ARCH_S390X", SeccompArch::scmp_arch_s390x),
        word("SCMP_ARCH_PARISC", SeccompArch::scmp_arch_parisc),
        word("SCMP_ARCH_PARISC64", SeccompArch::scmp_arch_parisc64),
        word("SCMP_ARCH_RISCV64", SeccompArch::scmp_arch_riscv64),
        word("SCMP_ARCH_LOONGARCH64", SeccompArch::scmp_arch_loongarch64),
        word("SCMP_ARCH_M68K", SeccompArch::scmp_arch_m68k),
        word("SCMP_ARCH_SH", SeccompArch::scmp_arch_sh),
        word("SCMP_ARCH_SHEB", SeccompArch::scmp_arch_sheb),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<SeccompFlag>() {
    static constexpr Word table[] = {
        word("SECCOMP_FILTER_FLAG_TSYNC", SeccompFlag::seccomp_filter_flag_tsync),
        word("SECCOMP_FILTER_FLAG_LOG", SeccompFlag::seccomp_filter_flag_log),
        word("SECCOMP_FILTER_FLAG_SPEC_ALLOW", SeccompFlag::seccomp_filter_flag_spec_allow),
        word("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
             SeccompFlag::seccomp_filter_flag_wait_killable_recv),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<SeccompOperator>() {
    static constexpr Word table[] = {
        word("SCMP_CMP_NE", SeccompOperator::scmp_cmp_ne),
        word("SCMP_CMP_LT", SeccompOperator::scmp_cmp_lt),
        word("SCMP_CMP_LE", SeccompOperator::scmp_cmp_le),
        word("SCMP_CMP_EQ", SeccompOperator::scmp_cmp_eq),
        word("SCMP_CMP_GE", SeccompOperator::scmp_cmp_ge),
        word("SCMP_CMP_GT", SeccompOperator::scmp_cmp_gt),
        word("SCMP_CMP_MASKED_EQ", SeccompOperator::scmp_cmp_masked_eq),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<SeccompArg>() {
    static constexpr Field table[] = {
        required<&SeccompArg::index>("index"),
        required<&SeccompArg::value>("value"),
        optional<&SeccompArg::value_two>("valueTwo"),
        required<&SeccompArg::op>("op"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<SeccompSyscall>() {
    static constexpr Field table[] = {
        required<&SeccompSyscall::names>("names", at_least_one),
        required<&SeccompSyscall::action>("action"),
        optional<&SeccompSyscall::errno_ret>("errnoRet"),
        optional<&SeccompSyscall::args>("args"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Seccomp>() {
    static constexpr Field table[] = {
        required<&Seccomp::default_action>("defaultAction"),
        optional<&Seccomp::default_errno_ret>("defaultErrnoRet"),
        optional<&Seccomp::architectures>("architectures"),
        optional<&Seccomp::flags>("flags"),
        optional<&Seccomp::listener_path>("listenerPath"),
        optional<&Seccomp::listener_metadata>("listenerMetadata"),
        optional<&Seccomp::syscalls>("syscalls"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
