// Processes: a child that cannot be forgotten, facts from /proc/PID, clone3(2).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/fd.h"
#include "os/file.h"

namespace sampan {

// How a process ended, as a shell would say it.
struct ExitStatus {
    int code = 0;    // exit code; 128 + signal when a signal ended it
    int signal = 0;  // 0 if no signal ended it
};
// "exited with 3", "was killed by SIGSEGV"
std::string describe(const ExitStatus& status);
// From the form in which wait(2) gives it.
ExitStatus to_exit_status(int raw);

// A child and its pidfd. Unless it was released or waited for, it is killed and reaped on
// destruction. It is also killed when we are interrupted (os/interruption.h).
class [[nodiscard]] Process {
  public:
    Process() = default;
    Process(pid_t pid, Fd pidfd);
    Process(Process&& other) noexcept
        : pid_(std::exchange(other.pid_, 0)), pidfd_(std::move(other.pidfd_)) {}
    Process& operator=(Process&& other) noexcept;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] int pidfd() const { return pidfd_.get(); }
    // Waits for its end and reaps it.
    Result<ExitStatus> wait();
    // Gives the child up: it belongs to somebody else from now on (when we end, to the nearest
    // subreaper).
    void release();

  private:
    void destroy();
    pid_t pid_ = 0;
    Fd pidfd_;
};

// Our child `pid`, which another process cloned for us. It is an error if the pidfd shows that it
// is not our child.
Result<Process> adopt_child(pid_t pid);

// clone3(2) with the given CLONE_* flags (and CLONE_PIDFD, CLONE_CLEAR_SIGHAND); `cgroup` >= 0 adds
// CLONE_INTO_CGROUP. In the child the returned pid is 0. The program has one thread, so the child
// may use everything that launch/init.h does not forbid.
struct Cloned {
    pid_t pid = 0;
    Fd pidfd;
};
// If there is `told`, the kernel writes the pid there too, before the child runs
// (CLONE_PARENT_SETTID).
Result<Cloned> clone_process(uint64_t flags, int cgroup = -1, int32_t* told = nullptr);

Result<Fd> open_pidfd(pid_t pid);
// Nothing if no process has this number, or if it is a thread.
Result<std::optional<Fd>> find_pidfd(pid_t pid);
// kill(2) by descriptor: it never hits another process that got the number. ESRCH is an error with
// code().
Status send_signal(int pidfd, int signal);
// True once the process has ended (it may be a zombie). Waits up to `timeout_ms` (-1: without
// limit).
Result<bool> wait_for_end(int pidfd, int timeout_ms);
// Waits until `fd` can be read, or is at its end: true. False if the process ends first.
Result<bool> wait_for_input(int fd, int pidfd);
// Reaps the child, if it is ours and has ended.
std::optional<ExitStatus> reap(pid_t pid);
// Waits for any child; nothing if there is none left.
struct Reaped {
    pid_t pid = 0;
    ExitStatus status;
};
Result<std::optional<Reaped>> reap_any(bool block);

// Facts from /proc/PID/stat: the name, the state letter, the parent, and the start time in clock
// ticks after boot (field 22). The start time tells a process from another one with the same
// number. The kernel gives it in the clock of the reader; here it is always in the host's.
struct ProcessStat {
    std::string name;
    char state = 0;
    pid_t parent = 0;  // 0 if it is in another pid namespace
    uint64_t start_time = 0;
    // How a zombie ended, if we may know it.
    std::optional<ExitStatus> ended;
    [[nodiscard]] bool started_at(uint64_t ticks) const;
};
// Nothing if there is no such process. If it exists but cannot be examined (/proc is not mounted,
// or hides it), that is an error.
Result<std::optional<ProcessStat>> read_process_stat(pid_t pid);
// Whether `pid` is our parent, or its parent, and so on.
Result<bool> is_ancestor(pid_t pid);

// The file that a process executes; nothing once the process ends.
Result<std::optional<FileIdentity>> executed_file(pid_t pid);

Status become_subreaper();
Status set_dumpable(bool dumpable);

}  // namespace sampan
