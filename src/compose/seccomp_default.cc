#include "compose/seccomp_default.h"

#include <linux/audit.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"

namespace sampan {

namespace {

using spec::SeccompAction;
using spec::SeccompArch;
using spec::SeccompOperator;

// For everybody. socketcall(2), of 32-bit programs, is not among them: it is socket(2) with
// arguments that no filter can see. Nor is io_uring, which does work that no filter sees.
constexpr std::string_view for_all =
    "accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod "
    "chown chown32 clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 "
    "clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 close "
    "close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 "
    "epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd "
    "eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fadvise64_64 "
    "fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat "
    "fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat "
    "fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue "
    "futex_time64 futex_wait futex_waitv futex_wake futimesat getcpu getcwd getdents "
    "getdents64 getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 "
    "getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid "
    "getresgid32 getresuid getresuid32 getrlimit get_robust_list getrusage getsid "
    "getsockname getsockopt get_thread_area gettid gettimeofday getuid getuid32 getxattr "
    "getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel "
    "ioctl io_destroy io_getevents io_pgetevents io_pgetevents_time64 ioprio_get "
    "ioprio_set io_setup io_submit ipc kill landlock_add_rule landlock_create_ruleset "
    "landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount "
    "listxattr listxattrat llistxattr _llseek lremovexattr lseek lsetxattr lstat lstat64 "
    "madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mkdir mkdirat "
    "mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify "
    "mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 "
    "mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap "
    "name_to_handle_at nanosleep newfstatat _newselect open openat openat2 pause "
    "pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll "
    "ppoll ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease "
    "process_vm_readv process_vm_writev pselect6 pselect6_time64 ptrace pwrite64 pwritev "
    "pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg "
    "recvmmsg_time64 recvmsg remap_file_pages removexattr removexattrat rename renameat "
    "renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask "
    "rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 "
    "rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam "
    "sched_get_priority_max sched_get_priority_min sched_getscheduler "
    "sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr "
    "sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop "
    "semtimedop semtimedop_time64 send sendfile sendfile64 sendmmsg sendmsg sendto "
    "setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 "
    "setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid "
    "setresuid32 setreuid setreuid32 setrlimit set_robust_list setsid setsockopt "
    "set_thread_area set_tid_address setuid setuid32 setxattr setxattrat shmat shmctl "
    "shmdt shmget shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn "
    "socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat sync "
    "sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete "
    "timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 "
    "timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 "
    "times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe "
    "utime utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write "
    "writev";

constexpr std::string_view for_architecture =
#if defined(__x86_64__)
    "arch_prctl modify_ldt";
#elif defined(__aarch64__)
    "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls";
#elif defined(__riscv)
    "riscv_flush_icache riscv_hwprobe";
#else
    "";
#endif

struct Opened {
    std::string_view capability;
    std::string_view calls;
};
constexpr std::array opened_by_capability{
    Opened{"CAP_DAC_READ_SEARCH", "open_by_handle_at"},
    Opened{"CAP_SYS_ADMIN",
           "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick mount mount_setattr "
           "move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname "
           "setns syslog umount umount2 unshare"},
    Opened{"CAP_SYS_BOOT", "reboot"},
    Opened{"CAP_SYS_CHROOT", "chroot"},
    Opened{"CAP_SYS_MODULE", "delete_module finit_module init_module"},
    Opened{"CAP_SYS_PACCT", "acct"},
    Opened{"CAP_SYS_PTRACE", "kcmp pidfd_getfd process_madvise"},
    Opened{"CAP_SYS_RAWIO", "ioperm iopl"},
    Opened{"CAP_SYS_TIME", "clock_settime clock_settime64 settimeofday stime"},
    Opened{"CAP_SYS_TTY_CONFIG", "vhangup"},
    Opened{"CAP_SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"},
    Opened{"CAP_SYSLOG", "syslog"},
    Opened{"CAP_BPF", "bpf"},
    Opened{"CAP_PERFMON", "perf_event_open"},
};

std::vector<std::string> names_in(std::string_view words) {
    const std::vector<std::string_view> names = split_words(words);
    return {names.begin(), names.end()};
}

spec::SeccompSyscall allow(std::string_view words, std::vector<spec::SeccompArg> args = {}) {
    return {
        .names = names_in(words), .action = SeccompAction::scmp_act_allow, .args = std::move(args)};
}

spec::SeccompArg if_first(SeccompOperator op, uint64_t value) {
    return {.index = 0, .value = value, .value_two = {}, .op = op};
}

// All families but AF_VSOCK, which leads to the host of a virtual machine past every network
// namespace, and AF_ALG, which reaches much of the kernel and which hardly any program uses.
void add_socket(spec::Seccomp& filter) {
    static_assert(AF_ALG == 38 && AF_VSOCK == 40 && AF_MAX > 45);
    filter.syscalls.push_back(allow("socket", {if_first(SeccompOperator::scmp_cmp_lt, AF_ALG)}));
    // Not "greater than": the filter compares 64 bits, of which the kernel takes 32.
    for (const uint64_t family : {39, 41, 42, 43, 44, 45})
        filter.syscalls.push_back(
            allow("socket", {if_first(SeccompOperator::scmp_cmp_eq, family)}));
}

// A 32-bit program of the same processor gets the same filter.
std::vector<SeccompArch> architectures() {
#if defined(__x86_64__)
    return {SeccompArch::scmp_arch_x86_64, SeccompArch::scmp_arch_x86, SeccompArch::scmp_arch_x32};
#elif defined(__aarch64__)
    return {SeccompArch::scmp_arch_aarch64, SeccompArch::scmp_arch_arm};
#else
    return {};
#endif
}

bool has(const std::vector<std::string>& capabilities, std::string_view name) {
    return std::ranges::find(capabilities, name) != capabilities.end();
}

// No new namespaces: they open more of the kernel than any other call. The flags of clone3(2) are
// in memory, where no filter sees them; ENOSYS makes the C library use clone(2) instead.
void add_clone(spec::Seccomp& filter) {
    constexpr uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    filter.syscalls.push_back(allow("clone", {{.index = 0,
                                               .value = namespaces,
                                               .value_two = 0,
                                               .op = SeccompOperator::scmp_cmp_masked_eq}}));
    filter.syscalls.push_back({.names = {"clone3"},
                               .action = SeccompAction::scmp_act_errno,
                               .errno_ret = ENOSYS,
                               .args = {}});
}

}  // namespace

spec::Seccomp default_seccomp(const std::vector<std::string>& capabilities) {
    spec::Seccomp filter{.default_action = SeccompAction::scmp_act_errno,
                         .default_errno_ret = EPERM,
                         .architectures = architectures(),
                         .flags = {},
                         .listener_path = {},
                         .listener_metadata = {},
                         .syscalls = {}};
    filter.syscalls.push_back(allow(for_all));
    if (!for_architecture.empty()) filter.syscalls.push_back(allow(for_architecture));
    add_socket(filter);
    // The usual personality, that of 32-bit programs, both with a version of 2.6, and the question
    // which it is.
    for (const uint64_t value : {uint64_t{PER_LINUX}, uint64_t{PER_LINUX32}, uint64_t{UNAME26},
                                 uint64_t{UNAME26} | PER_LINUX32, uint64_t{0xffffffff}})
        filter.syscalls.push_back(
            allow("personality", {if_first(SeccompOperator::scmp_cmp_eq, value)}));
    if (!has(capabilities, "CAP_SYS_ADMIN")) add_clone(filter);
    for (const Opened& opened : opened_by_capability)
        if (has(capabilities, opened.capability)) filter.syscalls.push_back(allow(opened.calls));
    return filter;
}

}  // namespace sampan
