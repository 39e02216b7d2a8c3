// The outside of `exec`: a further process in a running container. The picture of the conversation
// is in launch/sync.h.
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
    const Fd& init_pidfd;                            // known to be that one
    const std::vector<NamespaceRecord>& namespaces;  // those that the container was made with
    bool chrooted = false;  // without a mount namespace of its own: its root is not that one's
    const CgroupJoin& cgroup;
    // Asked for in place of it where it takes no process (EBUSY): a cgroup v2 that distributes
    // controllers takes none. Given a checked procfs.
    std::function<Result<Fd>(int proc)> other_cgroup;
    // Asked to move the process there where the kernel does not let us clone it into the cgroup
    // (EACCES); null where nobody can.
    std::function<Status(pid_t)> move_in;
    const SeccompFilter* seccomp = nullptr;  // null: none
    std::function<void(Error)> on_warning;
    // Given the master of the process's terminal.
    std::function<Status(Fd)> on_console;
    // Called when the container has kept the process that enters for a second, which it can do for
    // as long as it likes: by its freezer, or a file system of its own.
    std::function<void()> on_delay;
    // Given the descriptor of a filter that notifies, and the pid of its process.
    std::function<Status(const Fd&, pid_t)> on_listener;
};

// Carries out the steps of exec that are between it and the process in between. Until take() it
// owns the processes: destruction ends them.
class Entering {
  public:
    // `entry` stays the caller's, and outlives it.
    explicit Entering(const Entry& entry) : entry_(entry) {}

    // Before the first step: what all of them need.
    Status prepare();

    Status apply(const CloneBetween& step);
    Status apply(const HandTerminalOn& step);
    Status apply(const Await& step);
    Status apply(const SetScheduler& step);
    Status apply(const SetIoPriority& step);
    Status apply(const SetRlimit& step);
    Status apply(const GivePipes& step);
    Status apply(const LetExecute& step);

    // The program's process, once the one in between has left it there; in our pid namespace.
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    Process take() { return std::move(process_); }
    // The reason that is behind an end of the conversation.
    Error explain(Error error);

  private:
    [[noreturn]] void become_between(const NamespacesToJoin& joins) noexcept;
    Result<Cloned> clone_into_cgroup();
    void notice_delay() const;

    const Entry& entry_;
    Fd proc_;
    std::optional<Sync> sync_;          // with the process in between
    std::optional<Sync> between_sync_;  // its end
    SocketPair execution_;              // with the program's process
    std::optional<ClonedPage> cloned_;
    Process between_;
    bool waits_for_move_ = false;  // the process in between, until somebody moved it
    Process process_;
};

}  // namespace sampan
