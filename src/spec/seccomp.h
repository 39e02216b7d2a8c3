// linux.seccomp of config.json (config-linux.md#seccomp). The words are those of libseccomp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sampan::spec {

enum class SeccompAction {
    scmp_act_kill,
    scmp_act_kill_process,
    scmp_act_kill_thread,
    scmp_act_trap,
    scmp_act_errno,
    scmp_act_trace,
    scmp_act_allow,
    scmp_act_log,
    scmp_act_notify,
};

enum class SeccompArch {
    scmp_arch_x86,
    scmp_arch_x86_64,
    scmp_arch_x32,
    scmp_arch_arm,
    scmp_arch_aarch64,
    scmp_arch_mips,
    scmp_arch_mips64,
    scmp_arch_mips64n32,
    scmp_arch_mipsel,
    scmp_arch_mipsel64,
    scmp_arch_mipsel64n32,
    scmp_arch_ppc,
    scmp_arch_ppc64,
    scmp_arch_ppc64le,
    scmp_arch_s390,
    scmp_arch_s390x,
    scmp_arch_parisc,
    scmp_arch_parisc64,
    scmp_arch_riscv64,
    scmp_arch_loongarch64,
    scmp_arch_m68k,
    scmp_arch_sh,
    scmp_arch_sheb,
};

enum class SeccompFlag {
    seccomp_filter_flag_tsync,
    seccomp_filter_flag_log,
    seccomp_filter_flag_spec_allow,
    seccomp_filter_flag_wait_killable_recv,
};

enum class SeccompOperator {
    scmp_cmp_ne,
    scmp_cmp_lt,
    scmp_cmp_le,
    scmp_cmp_eq,
    scmp_cmp_ge,
    scmp_cmp_gt,
    scmp_cmp_masked_eq,
};

struct SeccompArg {
    uint32_t index = 0;
    uint64_t value = 0;
    std::optional<uint64_t> value_two;
    SeccompOperator op{};
    bool operator==(const SeccompArg&) const = default;
};

struct SeccompSyscall {
    std::vector<std::string> names;
    SeccompAction action{};
    std::optional<uint32_t> errno_ret;  // absent: EPERM
    std::vector<SeccompArg> args;
    bool operator==(const SeccompSyscall&) const = default;
};

struct Seccomp {
    SeccompAction default_action{};
    std::optional<uint32_t> default_errno_ret;  // absent: EPERM
    std::vector<SeccompArch> architectures;
    // Absent and empty differ: absent leaves the choice to the runtime, empty asks for no flags.
    std::optional<std::vector<SeccompFlag>> flags;
    std::optional<std::string> listener_path;
    std::optional<std::string> listener_metadata;
    std::vector<SeccompSyscall> syscalls;
    bool operator==(const Seccomp&) const = default;
};

}  // namespace sampan::spec
