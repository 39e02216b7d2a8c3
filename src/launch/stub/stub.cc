// The stub: walks the block (block.h) and becomes the user's program. No C library, no allocation.
//
// When it begins, all namespaces, the mounts and the root are the container's; the process is root
// in its user namespace; the standard streams are the program's. The only other descriptors are
// those of the block, and those that the program will keep.
//
// Each call is checked: a failure is reported to whoever waits, or ends the process, which the
// other side notices.

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "launch/stub/block.h"
#include "launch/stub/raw.h"

// One translation unit: one command builds the whole stub, without the project's flags.
#include "launch/stub/hook_process.cc"
#include "launch/stub/listener.cc"

namespace sampan::stub {

namespace {

// Makes the segment at block_address: one byte, which launch/stub/image replaces by the real block.
[[gnu::section(".block"), gnu::used, gnu::retain]] const volatile char block_place = 1;

const Block& block = *reinterpret_cast<const Block*>(block_address);
Report report;  // in .bss, because it is too large for a small stack

[[noreturn]] void leave(int code) {
    raw_call(__NR_exit_group, code);
    __builtin_unreachable();
}

// Only as much output of a hook is sent as there is.
long report_size() {
    return static_cast<long>(sizeof report - sizeof report.hook.output + report.hook.output_size);
}

long send(int socket) {
    long sent;
    while ((sent = raw_call(__NR_sendto, socket, address(&report), report_size(), MSG_NOSIGNAL)) ==
           -EINTR) {
    }
    return sent;
}

// The listener has gone: nobody is left to be told anything.
bool is_hang_up(long result) {
    return result == -EPIPE || result == -ECONNRESET;
}

long read_byte(int fd) {
    char byte;
    long got;
    while ((got = raw_call(__NR_read, fd, address(&byte), 1)) == -EINTR) {
    }
    return got;
}

// Nanoseconds of the clock that no time namespace changes.
int64_t clock_time() {
    struct {
        int64_t seconds;
        int64_t nanoseconds;
    } now{};
    constexpr long realtime = 0;
    constexpr int64_t second = 1'000'000'000;
    raw_call(__NR_clock_gettime, realtime, address(&now));
    return now.seconds * second + now.nanoseconds;
}

// For a trace: which step of the plan begins. Whether anybody hears it does not matter.
void tell_step(const char* step, int socket) {
    if (step == nullptr) return;
    report.type = ReportType::step;
    report.time = clock_time();
    uint32_t& size = report.hook.output_size;
    for (size = 0; size < sizeof report.hook.output && step[size] != 0; ++size)
        report.hook.output[size] = step[size];
    send(socket);
    size = 0;
}

// Sends the report, and stays until the other side has read it and hung up: `start` examines the
// root of this process to explain why the program could not be executed. First tries write(2),
// because the container's filter may be loaded, and hardly any filter forbids write. If nothing can
// be sent, the process ends, since nobody hangs up on a process that says nothing.
[[noreturn]] void fail(int socket) {
    if (raw_call(__NR_write, socket, address(&report), report_size()) < 0 && send(socket) < 0)
        leave(127);
    read_byte(socket);
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
        tell_step(call.step, socket);
        const long result = make_call(call, socket);
        if (result < 0) fail_call(call.what, result, socket);
        // For a directory outside of the root, getcwd(2) says "(unreachable)" (CVE-2024-21626).
        if (call.what == What::check_directory &&
            *reinterpret_cast<const char*>(call.arguments[0]) != '/')
            fail_call(call.what, -ENOENT, socket);
    }
}

// The path leads only through the procfs that was checked, whatever is mounted on it
// (CVE-2019-16884, CVE-2025-52881); "thread-self" is its only link.
void write_labels() {
    const open_how how{O_WRONLY | O_CLOEXEC, 0,
                       RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS};
    for (uint32_t i = 0; i < block.labels.count; ++i) {
        const Label& label = block.labels.first[i];
        tell_step(label.step, block.sync);
        const long file =
            raw_call(__NR_openat2, block.proc, address(label.file), address(&how), sizeof how);
        if (file < 0) fail_call(label.what, file, block.sync);
        const long written = raw_call(__NR_write, file, address(label.text), label.size);
        if (written < 0) fail_call(label.what, written, block.sync);
        if (written != static_cast<long>(label.size)) fail_call(label.what, -EIO, block.sync);
        raw_call(__NR_close, file);
    }
    if (block.labels.count > 0) raw_call(__NR_close, block.proc);
}

// Between Ready and its answer the supervisor writes the record. If there is no answer, it has
// died, and nobody would know of this container. `exec` listens after its word; the supervisor does
// not, but notices that we are gone.
void wait_for_commit(int socket) {
    const long got = read_byte(socket);
    if (got < 0 && block.role == Role::exec) fail_call(What::wait_for_word, got, socket);
    if (got != 1) leave(1);
}

// Without this word everybody would wait.
void tell_ready() {
    report.type = ReportType::ready;
    const long sent = send(block.sync);
    if (sent < 0) fail_call(What::wait_for_start, sent, block.sync);
}

// The page into which the kernel writes the pid. Our child does not get it, because the container
// can reach into that child.
ClonedProgram* map_cloned() {
    constexpr long size = 4096;
    const long page =
        raw_call(__NR_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_SHARED, block.cloned);
    if (page < 0) fail_call(What::keep_apart, page, block.sync);
    long done = raw_call(__NR_madvise, page, size, MADV_DONTFORK);
    if (done >= 0) done = raw_call(__NR_close, block.cloned);
    if (done < 0) fail_call(What::keep_apart, done, block.sync);
    return reinterpret_cast<ClonedProgram*>(page);
}

// Returns in the program's process, which is a child of whoever waits for us. It is the first
// process of this execution that others in its pid namespace can see. It has nothing any more that
// the container lacks (CVE-2016-9962), and nothing by which it could deceive our caller: our own
// socket is closed before, and the page is left out.
void clone_program() {
    ClonedProgram* const cloned = map_cloned();
    long done = raw_call(__NR_close, block.sync);
    if (done >= 0) {
        done = raw_call(__NR_clone, CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD, 0,
                        address(&cloned->pid));
        if (done == 0) return;
    }
    if (done < 0) cloned->error = static_cast<int32_t>(-done);
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
// must end a container that waits for its start nevertheless, so we read them here.
void obey_signal(int signals) {
    signalfd_siginfo info;
    const long got = raw_call(__NR_read, signals, address(&info), sizeof info);
    if (got == -EINTR || got == -EAGAIN) return;
    if (got != sizeof info) leave(1);
    if (ends_a_process(info.ssi_signo)) leave(128 + static_cast<int>(info.ssi_signo));
}

// The descriptor from which signals are read; `before` becomes the previous mask.
int take_signals(uint64_t& before, int socket) {
    uint64_t all = ~0ULL;
    long done =
        raw_call(__NR_rt_sigprocmask, SIG_BLOCK, address(&all), address(&before), sizeof all);
    if (done >= 0) done = raw_call(__NR_signalfd4, -1, address(&all), sizeof all, SOCK_CLOEXEC);
    if (done < 0) fail_call(What::wait_for_start, done, socket);
    return static_cast<int>(done);
}

// The connection of a `start`; -1 if it hung up without a word (it was killed). If accept(2) fails
// for lack of something, repeating it could go on forever while that `start` waits; so we end,
// which it notices.
int accept_start() {
    const long connection = raw_call(__NR_accept4, block.gate, 0, 0, SOCK_CLOEXEC);
    if (connection == -EINTR || connection == -EAGAIN || connection == -ECONNABORTED) return -1;
    if (connection < 0) leave(1);
    const long got = read_byte(static_cast<int>(connection));
    if (got == 1) return static_cast<int>(connection);
    if (got < 0 && !is_hang_up(got))
        fail_call(What::wait_for_word, got, static_cast<int>(connection));
    raw_call(__NR_close, connection);
    return -1;
}

// Waits until `start` connects and sends a byte; returns the connection.
int wait_at_gate(int signals) {
    while (true) {
        pollfd fds[2] = {{signals, POLLIN, 0}, {block.gate, POLLIN, 0}};
        const long ready = raw_call(__NR_ppoll, address(fds), 2, 0, 0, sizeof(uint64_t));
        if (ready == -EINTR) continue;
        if (ready < 0) leave(1);
        if (fds[0].revents != 0) obey_signal(signals);
        const int connection = fds[1].revents != 0 ? accept_start() : -1;
        if (connection >= 0) return connection;
    }
}

void run_hooks(int connection) {
    for (uint32_t i = 0; i < block.start_container.count; ++i) {
        const StartHook& hook = block.start_container.first[i];
        tell_step(hook.step, connection);
        const bool done = run_hook_process(hook.request, report.hook);
        report.type = done ? ReportType::hook_done : ReportType::hook_failed;
        report.index = i;
        if (!done) fail(connection);
        // Lost output is no reason to stop; the next message shows whether anybody listens.
        if (report.hook.output_size > 0) send(connection);
    }
    report.hook.output_size = 0;
}

// After this message the program counts as running, so nothing may be executed if it could not be
// sent. If the `start` was killed meanwhile, nobody counts it as anything.
void tell_executing(int connection) {
    report.type = ReportType::executing;
    const long sent = send(connection);
    if (sent < 0 && !is_hang_up(sent)) fail_call(What::tell_execution, sent, connection);
}

void copy_path() {
    uint32_t& size = report.hook.output_size;
    for (size = 0; size < sizeof report.hook.output && block.program[size] != 0; ++size)
        report.hook.output[size] = block.program[size];
}

// Before anybody but the runtime can reach us.
void tell_waiting() {
    tell_step(block.ready_step, block.sync);
    tell_step(block.committed_step, block.sync);
}

// Returns the connection to whoever wants to know whether the program is executed. Signals are
// taken before anybody is told that this process waits.
int wait_for_start() {
    const bool unseen_so_far = block.cloned >= 0;
    tell_waiting();
    if (unseen_so_far) clone_program();
    const int socket = unseen_so_far ? block.execution : block.sync;
    uint64_t before = 0;
    const int signals = take_signals(before, socket);
    if (!unseen_so_far) tell_ready();
    wait_for_commit(socket);
    make_calls(block.in_child, socket);
    raw_call(__NR_close, socket);
    const int connection = wait_at_gate(signals);
    tell_step(block.start_step, connection);
    raw_call(__NR_close, signals);
    raw_call(__NR_close, block.gate);
    const long done =
        raw_call(__NR_rt_sigprocmask, SIG_SETMASK, address(&before), 0, sizeof before);
    if (done < 0) fail_call(What::wait_for_start, done, connection);
    run_hooks(connection);
    return connection;
}

// The same for exec, where nobody waits for a start. The end of the connection reports its end, so
// the program must not inherit it.
int join_container() {
    tell_waiting();
    clone_program();
    wait_for_commit(block.execution);
    make_calls(block.in_child, block.execution);
    const long done = raw_call(__NR_fcntl, block.execution, F_SETFD, FD_CLOEXEC);
    if (done < 0) fail_call(What::keep_apart, done, block.execution);
    return block.execution;
}

}  // namespace

extern "C" [[noreturn]] void stub_main() {
    write_labels();
    make_calls(block.before_gate, block.sync);
    const int connection = block.role == Role::create ? wait_for_start() : join_container();
    // Before the filter, which may forbid it.
    tell_executing(connection);
    make_calls(block.after_gate, connection);
    tell_step(block.execute_step, connection);
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

// Functions that the compiler may call to copy and clear memory.
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
