// The outside of `exec`, which runs another process in a running container. launch/sync.h has the
// picture of the conversation.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "cgroup/create.h"
#include "launch/cloned.h"
#include "launch/sync.h"
#include "linux/namespace_record.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "os/process.h"
#include "os/socket.h"
#include "plan/exec_plan.h"

namespace sampan {

struct Entry {
    const ExecPlan& plan;
    pid_t init = 0;                                  // the container's first process
    const Fd& init_pidfd;                            // known to be that process
    const std::vector<NamespaceRecord>& namespaces;  // those with which the container was made
    // without a mount namespace of its own: its root is not that of the namespace
    bool chrooted = false;
    const CgroupJoin& cgroup;
    // Called if the container's cgroup takes no process (EBUSY), as in cgroup v2 when it gives
    // controllers to cgroups below it; returns another cgroup. `proc` is a checked procfs.
    std::function<Result<Fd>(int proc)> other_cgroup;
    // Called to move the process if the kernel does not let us clone it into the cgroup (EACCES);
    // null if nobody can move it.
    std::function<Status(pid_t)> move_in;
    const SeccompFilter* seccomp = nullptr;  // null: none
    std::function<void(Error)> on_warning;
    // Gets the master of the process's terminal.
    std::function<Status(Fd)> on_console;
    // Called when the process that enters has taken a second. The container can delay it as long as
    // it likes: by its freezer, or by a file system that it serves.
    std::function<void()> on_delay;
    // Gets the descriptor of a filter that notifies an agent, and the pid of its process.
    std::function<Status(const Fd&, pid_t)> on_listener;
};

// Carries out the steps of exec that are between exec and the process in between. Until take() it
// owns the processes: destruction ends them.
class Entering {
  public:
    // `entry` stays the caller's, and must outlive this object.
    explicit Entering(const Entry& entry) : entry_(entry) {}

    // To be called before the first step: prepares what all steps need.
    Status prepare();

    Status apply(const CloneBetween& step);
    Status apply(const HandTerminalOn& step);
    Status apply(const Await& step);
    Status apply(const SetScheduler& step);
    Status apply(const SetIoPriority& step);
    Status apply(const SetRlimit& step);
    Status apply(const GivePipes& step);
    Status apply(const LetExecute& step);

    // The program's process, once the process in between has made it; in our pid namespace.
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    // Of the same process; stays ours.
    [[nodiscard]] int pidfd() const { return process_.pidfd(); }
    Process take() { return std::move(process_); }
    // The reason, if the conversation has ended.
    Error explain(Error error);

  private:
    [[noreturn]] void become_between(const NamespacesToJoin& joins) noexcept;
    Result<Cloned> clone_into_cgroup();
    void notice_delay() const;

    const Entry& entry_;
    Fd proc_;
    std::optional<Sync> sync_;          // with the process in between
    std::optional<Sync> between_sync_;  // its end of the same
    SocketPair execution_;              // with the program's process
    std::optional<ClonedPage> cloned_;
    Process between_;
    bool waits_for_move_ = false;  // the process in between waits until somebody has moved it
    Process process_;
};

}  // namespace sampan
