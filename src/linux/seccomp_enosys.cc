#include "linux/seccomp_enosys.h"

#include <linux/audit.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>

namespace sampan {

namespace {

constexpr uint32_t x32_bit = 1U << 30;

uint64_t instruction(unsigned code, uint32_t value, uint8_t if_true = 0, uint8_t if_false = 0) {
    const sock_filter made{static_cast<uint16_t>(code), if_true, if_false, value};
    static_assert(sizeof made == sizeof(uint64_t));
    return std::bit_cast<uint64_t>(made);
}

uint64_t load(size_t offset) {
    return instruction(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}

constexpr unsigned jump_if_equal = BPF_JMP | BPF_JEQ | BPF_K;
constexpr unsigned jump_if_above = BPF_JMP | BPF_JGT | BPF_K;
constexpr unsigned jump_if_set = BPF_JMP | BPF_JSET | BPF_K;
// Stands for a jump to the end, whose length is known only then.
const uint64_t leave = instruction(BPF_JMP | BPF_JA, 0);

void answer_above(std::vector<uint64_t>& program, uint32_t number) {
    program.push_back(instruction(jump_if_above, number, 0, 1));
    program.push_back(instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
    program.push_back(leave);
}

// The system call's number is loaded.
void answer_for_x86_64(std::vector<uint64_t>& program, std::span<const HighestCall> highest) {
    constexpr uint8_t answer_size = 3;
    for (const bool x32 : {false, true}) {
        const auto found = std::ranges::find_if(highest, [&](const HighestCall& call) {
            return call.audit_arch == AUDIT_ARCH_X86_64 && call.x32 == x32;
        });
        // Calls of the other kind jump over the answer.
        const uint8_t skip = found == highest.end() ? 1 : answer_size;
        program.push_back(x32 ? instruction(jump_if_set, x32_bit, 0, skip)
                              : instruction(jump_if_set, x32_bit, skip, 0));
        if (found == highest.end()) {
            program.push_back(leave);
        } else {
            answer_above(program, found->number);
        }
    }
}

void answer_for(std::vector<uint64_t>& program,
                uint32_t audit_arch,
                std::span<const HighestCall> highest) {
    program.push_back(load(offsetof(seccomp_data, nr)));
    if (audit_arch == AUDIT_ARCH_X86_64) {
        answer_for_x86_64(program, highest);
        return;
    }
    // On these, numbers that the kernel does not know arrive as 0, an old call that nobody uses.
    if (audit_arch == AUDIT_ARCH_S390 || audit_arch == AUDIT_ARCH_S390X) {
        program.push_back(instruction(jump_if_equal, 0, 0, 1));
        program.push_back(instruction(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
    }
    const auto found = std::ranges::find(highest, audit_arch, &HighestCall::audit_arch);
    answer_above(program, found->number);
}

}  // namespace

std::vector<uint64_t> enosys_prefix(std::span<const HighestCall> highest) {
    std::vector<uint64_t> program;
    std::vector<uint32_t> done;
    for (const HighestCall& call : highest) {
        if (std::ranges::find(done, call.audit_arch) != done.end()) continue;
        done.push_back(call.audit_arch);
        std::vector<uint64_t> section;
        answer_for(section, call.audit_arch, highest);
        program.push_back(load(offsetof(seccomp_data, arch)));
        program.push_back(
            instruction(jump_if_equal, call.audit_arch, 0, static_cast<uint8_t>(section.size())));
        program.insert(program.end(), section.begin(), section.end());
    }
    for (size_t i = 0; i < program.size(); ++i)
        if (program[i] == leave)
            program[i] =
                instruction(BPF_JMP | BPF_JA, static_cast<uint32_t>(program.size() - i - 1));
    return program;
}

}  // namespace sampan
