#include "tracer.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "calls.h"
#include "registers.h"

namespace faults {

namespace {

constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE |
                         PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
constexpr int syscall_stop = SIGTRAP | 0x80;
constexpr int timed_out = 124;
constexpr uint64_t new_namespaces = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUSER | CLONE_NEWNET |
                                    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_PARENT;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

// Waits until it is traced, and then executes the command.
pid_t start(char** command) {
    int ready[2];
    if (pipe(ready) < 0) die("pipe");
    const pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
        char byte;
        close(ready[1]);
        (void)!read(ready[0], &byte, 1);
        close(ready[0]);
        execvp(command[0], command);
        die(command[0]);
    }
    close(ready[0]);
    if (ptrace(PTRACE_SEIZE, pid, nullptr, options) < 0) die("seize");
    close(ready[1]);
    return pid;
}

// For clone(2) and clone3(2).
uint64_t clone_flags(pid_t pid, uint64_t number, const uint64_t* arguments) {
#ifdef SYS_clone
    if (number == SYS_clone) return arguments[0];
#endif
    if (number != SYS_clone3) return 0;
    uint64_t flags = 0;
    const iovec here{&flags, sizeof flags};
    const iovec there{reinterpret_cast<void*>(arguments[0]), sizeof flags};
    return process_vm_readv(pid, &here, 1, &there, 1, 0) < 0 ? 0 : flags;
}

std::string file_of(pid_t pid, const char* name) {
    const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
    std::FILE* file = std::fopen(path.c_str(), "r");
    if (file == nullptr) return "";
    char text[256];
    const size_t size = std::fread(text, 1, sizeof text, file);
    std::fclose(file);
    return {text, size};
}

bool executes_stub(pid_t pid) {
    char target[256];
    const std::string path = "/proc/" + std::to_string(pid) + "/exe";
    const ssize_t size = readlink(path.c_str(), target, sizeof target);
    return size > 0 && std::string(target, static_cast<size_t>(size)).starts_with("/memfd:");
}

// Interrupts the wait for the processes.
void on_alarm(int) {}

int exit_code(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

const char* name_of(Role role) {
    switch (role) {
        case Role::runtime:
            return "runtime";
        case Role::init:
            return "init";
        case Role::helper:
            return "helper";
        case Role::stub:
            return "stub";
    }
    return "";
}

void Tracer::follow(pid_t pid, Role role) {
    followed_[pid] = {.number = ++made_, .role = role};
    if (unknown_.erase(pid) > 0) ptrace(PTRACE_SYSCALL, pid, nullptr, 0);
}

void Tracer::enter_call(pid_t pid, Followed& process, uint64_t number, const uint64_t* arguments) {
    process.makes_spaces = (clone_flags(pid, number, arguments) & new_namespaces) != 0;
    if (!executed_ || !can_fail(number)) return;
    ++process.calls;
    if (point_.process == 0)
        std::fprintf(report_, "%d %d %s %s\n", process.number, process.calls, name_of(process.role),
                     call_name(number).c_str());
    if (process.number != point_.process || process.calls != point_.call) return;
    const bool killed = point_.code == Point::kill;
    std::fprintf(report_, "%s %s %s\n", name_of(process.role), call_name(number).c_str(),
                 killed ? "SIGKILL" : strerrordesc_np(point_.code));
    if (killed) {
        kill(pid, SIGKILL);
        return;
    }
    process.fails_now = true;
    if (!takes_effect(number)) skip_call(pid);
}

void Tracer::handle_call(pid_t pid, Followed& process) {
    __ptrace_syscall_info info{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        enter_call(pid, process, info.entry.nr, reinterpret_cast<uint64_t*>(info.entry.args));
    } else if (process.fails_now) {
        set_error(pid, point_.code);
        process.fails_now = false;
    }
}

void Tracer::handle_clone(pid_t pid) {
    unsigned long made = 0;
    ptrace(PTRACE_GETEVENTMSG, pid, nullptr, &made);
    follow(static_cast<pid_t>(made), followed_[pid].makes_spaces ? Role::init : Role::helper);
}

void Tracer::handle_exec(pid_t pid, Followed& process) {
    if (pid == command_ && !executed_) {
        executed_ = true;
    } else if (executes_stub(pid)) {
        process.role = Role::stub;
    } else {
        followed_.erase(pid);
        ptrace(PTRACE_DETACH, pid, nullptr, 0);
        return;
    }
    ptrace(PTRACE_SYSCALL, pid, nullptr, 0);
}

void Tracer::handle_stop(pid_t pid, int status) {
    const auto found = followed_.find(pid);
    if (found == followed_.end()) {
        unknown_.insert(pid);
        return;
    }
    const int event = status >> 16;
    int signal = 0;
    switch (event) {
        case PTRACE_EVENT_EXEC:
            return handle_exec(pid, found->second);
        case PTRACE_EVENT_CLONE:
        case PTRACE_EVENT_FORK:
        case PTRACE_EVENT_VFORK:
            handle_clone(pid);
            break;
        case PTRACE_EVENT_STOP:
            if (WSTOPSIG(status) == SIGTRAP) break;  // new
            ptrace(PTRACE_LISTEN, pid, nullptr, 0);
            return;
        default:
            if (WSTOPSIG(status) == syscall_stop)
                handle_call(pid, found->second);
            else
                signal = WSTOPSIG(status);
    }
    ptrace(PTRACE_SYSCALL, pid, nullptr, signal);
}

// What the command has left behind (a stub that waits at the gate) is not traced any more.
void Tracer::let_others_go() {
    for (const auto& [pid, process] : followed_)
        ptrace(PTRACE_INTERRUPT, pid, nullptr, 0);
    while (!followed_.empty() || !unknown_.empty()) {
        int status = 0;
        const pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0) return;
        const bool signalled =
            WIFSTOPPED(status) && status >> 16 == 0 && WSTOPSIG(status) != syscall_stop;
        if (WIFSTOPPED(status))
            ptrace(PTRACE_DETACH, pid, nullptr, signalled ? WSTOPSIG(status) : 0);
        followed_.erase(pid);
        unknown_.erase(pid);
    }
}

namespace {

// What the command has left behind becomes our child. Processes that are about to end must be
// reaped before a pid namespace can end; the others go on.
void reap_orphans() {
    constexpr timespec moment{.tv_sec = 0, .tv_nsec = 2'000'000};
    for (int round = 0; round < 50; ++round) {
        pid_t reaped = 0;
        while ((reaped = waitpid(-1, nullptr, WNOHANG | __WALL)) > 0) {
        }
        if (reaped < 0) return;
        nanosleep(&moment, nullptr);
    }
}

}  // namespace

int Tracer::give_up() {
    std::fputs("hung\n", report_);
    for (const auto& [pid, process] : followed_) {
        const std::string text = file_of(pid, "syscall");
        const uint64_t number = std::strtoull(text.c_str(), nullptr, 10);
        std::fprintf(report_, "  %s %s\n", name_of(process.role), call_name(number).c_str());
    }
    for (const auto& [pid, process] : followed_)
        kill(pid, SIGKILL);
    return timed_out;
}

int Tracer::run(char** command, unsigned seconds) {
    struct sigaction action {};
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, nullptr);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    command_ = start(command);
    follow(command_, Role::runtime);
    alarm(seconds);
    while (true) {
        int status = 0;
        const pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) return give_up();
        if (pid < 0) die("waitpid");
        if (WIFSTOPPED(status)) {
            handle_stop(pid, status);
            continue;
        }
        followed_.erase(pid);
        unknown_.erase(pid);
        if (pid != command_) continue;
        alarm(0);
        let_others_go();
        reap_orphans();
        return exit_code(status);
    }
}

}  // namespace faults
