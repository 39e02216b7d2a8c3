#include "calls.h"

#include <sys/syscall.h>

#include <cstdlib>

#include <seccomp.h>

namespace faults {

std::string call_name(uint64_t number) {
    char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
    if (name == nullptr) return std::to_string(number);
    std::string text(name);
    std::free(name);
    return text;
}

bool can_fail(uint64_t number) {
    switch (number) {
        case SYS_exit:
        case SYS_exit_group:
        case SYS_rt_sigreturn:
        case SYS_restart_syscall:
        case SYS_getpid:
        case SYS_getppid:
        case SYS_gettid:
        case SYS_getuid:
        case SYS_geteuid:
        case SYS_getgid:
        case SYS_getegid:
        case SYS_umask:
        case SYS_sched_yield:
#ifdef SYS_arch_prctl
        case SYS_arch_prctl:
#endif
        case SYS_set_tid_address:
        case SYS_set_robust_list:
        case SYS_rseq:
        case SYS_brk:
        case SYS_futex:
        case SYS_mprotect:
        case SYS_munmap:
            return false;
        default:
            return true;
    }
}

bool takes_effect(uint64_t number) {
    return number == SYS_close;
}

}  // namespace faults
