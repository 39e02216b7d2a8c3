#include "launch/stub/listener.h"

#include <asm/unistd.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <time.h>

#include "launch/stub/block.h"
#include "launch/stub/raw.h"

namespace sampan::stub {

namespace {

// What the two threads share.
struct Handover {
    int connection;
    long loaded;  // a descriptor, a negative errno, or not_yet
    bool done;
};
constexpr long not_yet = -1000000;
Handover handover;
alignas(16) unsigned char thread_stack[8192];
Report told;

struct DescriptorMessage {
    alignas(cmsghdr) unsigned char bytes[CMSG_SPACE(sizeof(int))];
};

long send_descriptor(int descriptor) {
    told.type = ReportType::listening;
    iovec part{&told, sizeof told - sizeof told.hook.output};
    DescriptorMessage control{};
    auto* header = reinterpret_cast<cmsghdr*>(control.bytes);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    *reinterpret_cast<int*>(CMSG_DATA(header)) = descriptor;
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    long sent;
    while ((sent = raw_call(__NR_sendmsg, handover.connection, address(&message), MSG_NOSIGNAL)) ==
           -EINTR) {
    }
    return sent;
}

// The first thread could not even report it, and nobody would answer for its system calls. So this
// thread reports it, and ends both.
[[noreturn]] void fail_handover(long code) {
    told.type = ReportType::call_failed;
    told.what = What::hand_over_listener;
    told.code = static_cast<int32_t>(-code);
    raw_call(__NR_sendto, handover.connection, address(&told),
             sizeof told - sizeof told.hook.output, MSG_NOSIGNAL);
    while (true)
        raw_call(__NR_exit_group, 127);
}

[[noreturn]] void hand_over() {
    timespec pause{0, 50'000};
    long loaded;
    while ((loaded = __atomic_load_n(&handover.loaded, __ATOMIC_ACQUIRE)) == not_yet)
        raw_call(__NR_nanosleep, address(&pause), 0);
    if (loaded >= 0)
        if (const long sent = send_descriptor(static_cast<int>(loaded)); sent < 0)
            fail_handover(sent);
    __atomic_store_n(&handover.done, true, __ATOMIC_RELEASE);
    while (true)
        raw_call(__NR_exit, 0);
}

void relax() {
#if defined(__x86_64__)
    asm volatile("pause");
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

// clone(2) returns twice; the new thread has its own stack and never returns from `entry`.
long start_thread(void (*entry)(), void* stack_end) {
    constexpr long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
#if defined(__x86_64__)
    long result;
    register long tls asm("r8") = 0;
    register long child_tid asm("r10") = 0;
    register auto start asm("r9") = entry;
    asm volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "call *%%r9\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"(static_cast<long>(__NR_clone)), "D"(flags), "S"(stack_end), "d"(0L), "r"(child_tid),
          "r"(tls), "r"(start)
        : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 asm("x8") = __NR_clone;
    register long x0 asm("x0") = flags;
    register void* x1 asm("x1") = stack_end;
    register long x2 asm("x2") = 0;
    register long x3 asm("x3") = 0;
    register long x4 asm("x4") = 0;
    register auto x5 asm("x5") = entry;
    asm volatile(
        "svc 0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, #0\n\t"
        "blr x5\n\t"
        "brk #0\n"
        "1:"
        : "+r"(x0)
        : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
        : "memory");
    return x0;
#endif
}

}  // namespace

long load_with_listener(unsigned flags, const void* program, int connection) {
    handover.connection = connection;
    handover.loaded = not_yet;
    const long thread = start_thread(hand_over, thread_stack + sizeof thread_stack);
    if (thread < 0) return thread;
    const long loaded = raw_call(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, address(program));
    __atomic_store_n(&handover.loaded, loaded, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&handover.done, __ATOMIC_ACQUIRE))
        relax();
    return loaded;
}

}  // namespace sampan::stub
