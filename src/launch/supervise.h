// The outside: carries a plan out up to the gate, where init waits for `start`.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "cgroup/create.h"
#include "launch/hooks.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "os/made.h"
#include "os/process.h"
#include "plan/plan.h"

namespace sampan {

struct Launch {
    const Plan& plan;
    const Cgroup& cgroup;
    const SeccompFilter* seccomp = nullptr;  // null: none
    HookIdentity identity;
    int gate = -1;  // the listening socket, for init
    // Called with init's pid (in our pid namespace) right after the clone, before init goes on: the
    // record must know of it from then on.
    std::function<Status(pid_t)> on_cloned;
    // Called when init is ready and waits: what it writes makes the container `created`. Given a
    // checked procfs.
    std::function<Status(pid_t, int proc)> on_ready;
    // Told of what is made in the container's root, if that has to be undone.
    MadeLog log_of_root;
    // Given what hooks wrote.
    HookLog on_hook_output;
    std::function<void(Error)> on_warning;
    // Given the master of the container's terminal.
    std::function<Status(Fd)> on_console;
};

// Returns init, waiting at the gate. On failure init is gone, and all that it made with it.
Result<Process> supervise(const Launch& launch);

}  // namespace sampan
