#include "linux/seccomp_answer.h"

#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <bit>
#include <cstddef>

namespace sampan {

namespace {

#if defined(__x86_64__)
constexpr uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#endif

bool holds(const sock_filter& step, uint32_t value) {
    switch (BPF_OP(step.code)) {
        case BPF_JEQ:
            return value == step.k;
        case BPF_JGT:
            return value > step.k;
        case BPF_JGE:
            return value >= step.k;
        default:
            return (value & step.k) != 0;  // BPF_JSET
    }
}

bool is_condition(const sock_filter& step) {
    const unsigned operation = BPF_OP(step.code);
    return BPF_CLASS(step.code) == BPF_JMP && BPF_SRC(step.code) == BPF_K &&
           (operation == BPF_JEQ || operation == BPF_JGT || operation == BPF_JGE ||
            operation == BPF_JSET);
}

bool loads(const sock_filter& step, size_t offset) {
    return step.code == (BPF_LD | BPF_W | BPF_ABS) && step.k == offset;
}

}  // namespace

std::optional<uint32_t> answer_of(const SeccompFilter& filter, uint32_t number) {
    uint32_t value = 0;
    for (size_t at = 0; at < filter.instructions.size(); ++at) {
        const auto step = std::bit_cast<sock_filter>(filter.instructions[at]);
        if (step.code == (BPF_RET | BPF_K)) return step.k;
        if (step.code == (BPF_JMP | BPF_JA)) {
            at += step.k;
        } else if (is_condition(step)) {
            at += holds(step, value) ? step.jt : step.jf;
        } else if (loads(step, offsetof(seccomp_data, nr))) {
            value = number;
        } else if (loads(step, offsetof(seccomp_data, arch))) {
            value = own_architecture;
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

const char* refusal_name(uint32_t answer) {
    switch (answer & SECCOMP_RET_ACTION_FULL) {
        case SECCOMP_RET_KILL_PROCESS:
            return "SCMP_ACT_KILL_PROCESS";
        case SECCOMP_RET_KILL_THREAD:
            return "SCMP_ACT_KILL";
        case SECCOMP_RET_TRAP:
            return "SCMP_ACT_TRAP";
        case SECCOMP_RET_ERRNO:
            return "SCMP_ACT_ERRNO";
        default:
            return nullptr;
    }
}

}  // namespace sampan
