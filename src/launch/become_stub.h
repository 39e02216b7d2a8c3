// What a process does last before it executes the stub, of `create` and of `exec` alike: the
// working directory, the environment, the program, the image of the stub. What init.h says of the
// time after the clone holds here, too.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "linux/seccomp.h"
#include "plan/process_plan.h"
#include "spec/hooks.h"

namespace sampan {

struct StubTask {
    const ProcessPlan& process;
    const Context& context;
    Setgroups setgroups = Setgroups::allowed;
    Sync& sync;
    int gate = -1;  // -1 for a process of exec: the stub waits at no gate
    // Where the stub makes the program's process itself, in a pid namespace that we are not in: the
    // socket of that process, and the file into which the kernel writes who it is (stub::Block).
    int execution = -1;
    int cloned = -1;
    const SeccompFilter* seccomp = nullptr;  // null: none
    int listen_fds = 0;
    const std::vector<spec::Hook>& start_hooks;
    std::string hook_state;
};

// At entry: in the container's namespaces and root, as root of its user namespace. Executes the
// stub; returns only when something failed.
Error become_stub(const StubTask& task);

// The terminal that was made becomes our standard streams, and belongs to `uid`, since the user's
// program must be able to open /proc/self/fd/0. Its descriptors in `context` are closed.
Status put_console_on_stdio(Context& context, uid_t uid);

}  // namespace sampan
