// The outside of `exec`: a further process in a running container. The picture of the conversation
// is in launch/sync.h.
#pragma once

#include <sys/types.h>

#include <functional>
#include <vector>

#include "base/result.h"
#include "cgroup/create.h"
#include "linux/namespace_record.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "os/process.h"
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
    // Called with the pid of the new process, before it is let go to execute its program.
    std::function<Status(pid_t)> on_ready;
    // Given the descriptor of a filter that notifies, and the pid of its process.
    std::function<Status(const Fd&, pid_t)> on_listener;
};

// Returns the process once its program has been executed. On failure nothing is left of it.
Result<Process> enter_container(const Entry& entry);

}  // namespace sampan
