// Processes: a child that cannot be forgotten, facts of /proc/PID, clone3(2).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/fd.h"
#include "os/file.h"

namespace sampan {

// How a process ended, as a shell would tell it.
struct ExitStatus {
    int code = 0;    // exit code; 128 + signal when a signal ended it
    int signal = 0;  // 0 where it ended by itself
};
// "exited with 3", "was killed by SIGSEGV"
std::string describe(const ExitStatus& status);

// A child, and its pidfd. Unless released or waited for, it is killed and reaped on destruction,
// and killed when we are interrupted (os/interruption.h).
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
    // It is somebody else's from now on (the nearest subreaper's, when we leave).
    void release();

  private:
    void destroy();
    pid_t pid_ = 0;
    Fd pidfd_;
};

// The child `pid` of ours which another process cloned for us. Checked by its pidfd: an error where
// that is no child of ours.
Result<Process> adopt_child(pid_t pid);

// clone3(2) with the given CLONE_* flags (and CLONE_PIDFD, CLONE_CLEAR_SIGHAND); `cgroup` >= 0 adds
// CLONE_INTO_CGROUP. Returns 0 pid in the child. The program is single-threaded, so the child may
// use everything except what launch/init.h forbids.
struct Cloned {
    pid_t pid = 0;
    Fd pidfd;
};
// With `told` the kernel writes the pid there, too, before the child runs (CLONE_PARENT_SETTID).
Result<Cloned> clone_process(uint64_t flags, int cgroup = -1, int32_t* told = nullptr);

Result<Fd> open_pidfd(pid_t pid);
// Nothing where nobody has the number, or a thread.
Result<std::optional<Fd>> find_pidfd(pid_t pid);
// kill(2) by descriptor: never another process that got the number. ESRCH is an error with code().
Status send_signal(int pidfd, int signal);
// True once the process has ended (it may be a zombie); waits up to `timeout_ms` (-1: for ever).
Result<bool> wait_for_end(int pidfd, int timeout_ms);
// Waits for something to be read from `fd`, or its end: true. False when the process ended before.
Result<bool> wait_for_input(int fd, int pidfd);
// Reaps the child if it is ours and has ended.
std::optional<ExitStatus> reap(pid_t pid);
// Waits for any child; nothing when there is none left.
struct Reaped {
    pid_t pid = 0;
    ExitStatus status;
};
Result<std::optional<Reaped>> reap_any(bool block);

// Facts of /proc/PID/stat: the name, the state letter, the parent and the start time in clock ticks
// after boot (field 22), which tells a process from another one with its number. The kernel tells
// it in the clock of who asks; here it is always the host's.
struct ProcessStat {
    std::string name;
    char state = 0;
    pid_t parent = 0;  // 0 where it is in another pid namespace
    uint64_t start_time = 0;
    // Of a zombie, where we may know it.
    std::optional<ExitStatus> ended;
    [[nodiscard]] bool started_at(uint64_t ticks) const;
};
// Nothing when there is no such process. One that is there and cannot be looked at (/proc is not
// mounted, or hides it) is an error.
Result<std::optional<ProcessStat>> read_process_stat(pid_t pid);
// Whether `pid` is our parent, or its parent, and so on.
Result<bool> is_ancestor(pid_t pid);

// The file that a process executes; nothing once it ends.
Result<std::optional<FileIdentity>> executed_file(pid_t pid);

Status become_subreaper();
Status set_dumpable(bool dumpable);

}  // namespace sampan
