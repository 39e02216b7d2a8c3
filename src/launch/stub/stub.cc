// The stub: walks the block (block.h) and becomes the user's program. No C library, no allocation.
//
// At entry: all namespaces, mounts and the root are the container's; the process is root in its
// user namespace; stdio is the program's; the only other descriptors are the two sockets of the
// block and those that the program shall keep.

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "launch/stub/block.h"
#include "launch/stub/raw.h"

// One translation unit: the whole stub is built by one command, apart from the project's flags.
#include "launch/stub/hook_process.cc"
#include "launch/stub/listener.cc"

namespace sampan::stub {

namespace {

// Makes the segment at block_address: one byte, which launch/final_image replaces by the real
// block.
[[gnu::section(".block"), gnu::used, gnu::retain]] const volatile char block_place = 1;

const Block& block = *reinterpret_cast<const Block*>(block_address);
Report report;  // in .bss: it is too large for a comfortable stack

[[noreturn]] void leave(int code) {
    raw_call(__NR_exit_group, code);
    __builtin_unreachable();
}

// The output of a hook is sent only as far as there is any.
long report_size() {
    return static_cast<long>(sizeof report - sizeof report.hook.output + report.hook.output_size);
}

bool send(int socket) {
    return raw_call(__NR_sendto, socket, address(&report), report_size(), MSG_NOSIGNAL) >= 0;
}

// Sends the report and stays until the other side has read it and hung up: `start` looks at this
// process's root to explain why the program could not be executed. By write(2) first: the
// container's filter may be loaded, and hardly any forbids that one. Without a word the end must
// tell: nobody hangs up on who says nothing.
[[noreturn]] void fail(int socket) {
    if (raw_call(__NR_write, socket, address(&report), report_size()) < 0 && !send(socket))
        leave(127);
    char byte;
    while (raw_call(__NR_read, socket, address(&byte), 1) == -EINTR) {
    }
    leave(127);
}

[[noreturn]] void fail_call(What what, long code, int socket) {
    report.type = ReportType::call_failed;
    report.what = what;
    report.code = static_cast<int32_t>(-code);
    fail(socket);
}

long make_call(const Call& call, int socket) {
    const uint64_t* a = call.arguments;
    if (call.what == What::load_seccomp && (a[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0)
        return load_with_listener(static_cast<unsigned>(a[1]), reinterpret_cast<const void*>(a[2]),
                                  socket);
    const auto arg = [a](int n) { return static_cast<long>(a[n]); };
    return raw_call(call.number, arg(0), arg(1), arg(2), arg(3), arg(4));
}

void make_calls(const Calls& calls, int socket) {
    for (uint32_t i = 0; i < calls.count; ++i) {
        const Call& call = calls.first[i];
        const long result = make_call(call, socket);
        if (result < 0) fail_call(call.what, result, socket);
        // getcwd(2) of a directory that the root does not hold says "(unreachable)"
        // (CVE-2024-21626).
        if (call.what == What::check_directory &&
            *reinterpret_cast<const char*>(call.arguments[0]) != '/')
            fail_call(call.what, -ENOENT, socket);
    }
}

// The way leads through nothing but the procfs that was checked, whatever is mounted on it
// (CVE-2019-16884, CVE-2025-52881); "thread-self" is its only link.
void write_labels() {
    const open_how how{O_WRONLY | O_CLOEXEC, 0,
                       RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
    for (uint32_t i = 0; i < block.labels.count; ++i) {
        const Label& label = block.labels.first[i];
        const long file =
            raw_call(__NR_openat2, block.proc, address(label.file), address(&how), sizeof how);
        if (file < 0) fail_call(label.what, file, block.sync);
        const long written = raw_call(__NR_write, file, address(label.text), label.size);
        if (written < 0) fail_call(label.what, written, block.sync);
        raw_call(__NR_close, file);
    }
    if (block.labels.count > 0) raw_call(__NR_close, block.proc);
}

// The supervisor writes the record between Ready and its answer. Without an answer it has died, and
// nobody would know of this container.
void wait_for_commit() {
    char byte;
    long got;
    while ((got = raw_call(__NR_read, block.sync, address(&byte), 1)) == -EINTR) {
    }
    if (got != 1) leave(1);
}

void tell_ready(uint32_t pid) {
    report.type = ReportType::ready;
    report.index = pid;
    send(block.sync);
}

// Of exec: returns in the program's process, a child of `exec` itself. It is the first process of
// this execution that the container can see, and holds nothing any more that the container does not
// have (CVE-2016-9962).
void clone_program() {
    const long pid = raw_call(__NR_clone, CLONE_PARENT | SIGCHLD, 0);
    if (pid < 0) fail_call(What::clone_program, pid, block.sync);
    if (pid == 0) return;
    tell_ready(static_cast<uint32_t>(pid));
    leave(0);
}

bool ends_a_process(uint32_t signal) {
    switch (signal) {
        case SIGCHLD:
        case SIGCONT:
        case SIGSTOP:
        case SIGTSTP:
        case SIGTTIN:
        case SIGTTOU:
        case SIGURG:
        case SIGWINCH:
            return false;
        default:
            return true;
    }
}

// The kernel drops signals with a default action for the first process of a pid namespace. `kill`
// of a container that waits for its start shall end it nevertheless, so they are read here.
void obey_signal(int signals) {
    signalfd_siginfo info;
    if (raw_call(__NR_read, signals, address(&info), sizeof info) != sizeof info) return;
    if (ends_a_process(info.ssi_signo)) leave(128 + static_cast<int>(info.ssi_signo));
}

// Waits until `start` connects and sends a byte; gives the connection. One that hangs up without a
// word (a killed `start`) is passed over.
int wait_at_gate() {
    uint64_t all = ~0ULL;
    uint64_t before = 0;
    raw_call(__NR_rt_sigprocmask, SIG_BLOCK, address(&all), address(&before), sizeof all);
    const int signals =
        static_cast<int>(raw_call(__NR_signalfd4, -1, address(&all), sizeof all, SOCK_CLOEXEC));
    int connection = -1;
    while (true) {
        pollfd fds[2] = {{signals, POLLIN, 0}, {block.gate, POLLIN, 0}};
        raw_call(__NR_ppoll, address(fds), 2, 0, 0, sizeof all);
        if (fds[0].revents != 0) obey_signal(signals);
        if (fds[1].revents == 0) continue;
        connection = static_cast<int>(raw_call(__NR_accept4, block.gate, 0, 0, SOCK_CLOEXEC));
        char byte;
        if (connection >= 0 && raw_call(__NR_read, connection, address(&byte), 1) == 1) break;
        raw_call(__NR_close, connection);
    }
    raw_call(__NR_close, signals);
    raw_call(__NR_close, block.gate);
    raw_call(__NR_rt_sigprocmask, SIG_SETMASK, address(&before), 0, sizeof before);
    return connection;
}

void run_hooks(int connection) {
    for (uint32_t i = 0; i < block.start_container.count; ++i) {
        const bool done = run_hook_process(block.start_container.first[i], report.hook);
        report.type = done ? ReportType::hook_done : ReportType::hook_failed;
        report.index = i;
        if (!done) fail(connection);
        if (report.hook.output_size > 0) send(connection);
    }
    report.hook.output_size = 0;
}

void copy_path() {
    uint32_t& size = report.hook.output_size;
    for (size = 0; size < sizeof report.hook.output && block.program[size] != 0; ++size)
        report.hook.output[size] = block.program[size];
}

// Returns the connection to whoever wants to know whether the program is executed.
int wait_for_start() {
    tell_ready(0);
    wait_for_commit();
    raw_call(__NR_close, block.sync);
    const int connection = wait_at_gate();
    run_hooks(connection);
    return connection;
}

// The same of exec, where nobody waits for a start.
int join_container() {
    clone_program();
    wait_for_commit();
    make_calls(block.in_child, block.sync);
    raw_call(__NR_fcntl, block.sync, F_SETFD, FD_CLOEXEC);
    return block.sync;
}

}  // namespace

extern "C" [[noreturn]] void stub_main() {
    write_labels();
    make_calls(block.before_gate, block.sync);
    const int connection = block.gate >= 0 ? wait_for_start() : join_container();
    // Before the filter, which may not let us.
    report.type = ReportType::executing;
    send(connection);
    make_calls(block.after_gate, connection);
    const long result = raw_call(__NR_execve, address(block.program), address(block.arguments),
                                 address(block.environment));
    report.type = ReportType::exec_failed;
    report.code = static_cast<int32_t>(-result);
    copy_path();
    fail(connection);
}

}  // namespace sampan::stub

// The kernel starts a program with an aligned stack and no return address; a C++ function expects
// one.
#if defined(__x86_64__)
asm(".globl _start\n_start:\n\txor %ebp, %ebp\n\tcall stub_main\n");
#elif defined(__aarch64__)
asm(".globl _start\n_start:\n\tmov x29, #0\n\tmov x30, #0\n\tbl stub_main\n");
#endif

// What the compiler may call for copies and clearing.
extern "C" void* memset(void* target, int value, unsigned long size) {
    auto* bytes = static_cast<volatile char*>(target);
    for (unsigned long i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(value);
    return target;
}
extern "C" void* memcpy(void* __restrict target,
                        const void* __restrict source,
                        unsigned long size) {
    auto* to = static_cast<volatile char*>(target);
    const auto* from = static_cast<const char*>(source);
    for (unsigned long i = 0; i < size; ++i)
        to[i] = from[i];
    return target;
}
