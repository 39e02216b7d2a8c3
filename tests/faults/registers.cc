#include "registers.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <cstdio>
#include <cstdlib>

namespace faults {

namespace {

constexpr int no_call = -1;

template <class Registers>
Registers get(pid_t pid, int set) {
    Registers registers{};
    iovec place{&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, pid, set, &place) < 0) {
        std::perror("reading registers");
        std::exit(2);
    }
    return registers;
}

template <class Registers>
void put(pid_t pid, int set, Registers registers) {
    iovec place{&registers, sizeof registers};
    if (ptrace(PTRACE_SETREGSET, pid, set, &place) < 0) {
        std::perror("writing registers");
        std::exit(2);
    }
}

}  // namespace

#if defined(__x86_64__)

void skip_call(pid_t pid) {
    auto registers = get<user_regs_struct>(pid, NT_PRSTATUS);
    registers.orig_rax = static_cast<unsigned long long>(no_call);
    put(pid, NT_PRSTATUS, registers);
}

void set_error(pid_t pid, int code) {
    auto registers = get<user_regs_struct>(pid, NT_PRSTATUS);
    registers.rax = static_cast<unsigned long long>(-code);
    put(pid, NT_PRSTATUS, registers);
}

#elif defined(__aarch64__)

void skip_call(pid_t pid) {
    put(pid, NT_ARM_SYSTEM_CALL, no_call);
}

void set_error(pid_t pid, int code) {
    auto registers = get<user_regs_struct>(pid, NT_PRSTATUS);
    registers.regs[0] = static_cast<unsigned long long>(-code);
    put(pid, NT_PRSTATUS, registers);
}

#endif

}  // namespace faults
