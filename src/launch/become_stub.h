// What a process does last before it executes the stub, of `create` and of `exec` alike: the
// working directory, the environment, the program, the image of the stub. What init.h says of the
// time after the clone holds here, too.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "plan/process_plan.h"
#include "plan/step.h"

namespace sampan {

struct StubTask {
    const ProcessPlan& process;
    std::span<const Phase> phases;  // those of the stub among them
    const Context& context;
    Sync& sync;
    int gate = -1;  // -1 for a process of exec: the stub waits at no gate
    // Where the stub makes the program's process itself, in a pid namespace that we are not in: the
    // socket of that process, and the file into which the kernel writes who it is (stub::Block).
    int execution = -1;
    int cloned = -1;
    const SeccompFilter* seccomp = nullptr;  // null: none
    int listen_fds = 0;
    std::string hook_state;  // for startContainer hooks
};

// Walks the phase of the process. At entry: in the container's namespaces and root, as root of its
// user namespace.
class LastPreparations {
  public:
    explicit LastPreparations(StubTask task) : task_(std::move(task)) {}

    // Known late.
    void set_setgroups(Setgroups setgroups) { setgroups_ = setgroups; }
    void set_hook_state(std::string state) { task_.hook_state = std::move(state); }

    Status apply(const EnterWorkingDirectory& step);
    Status apply(const FindProgram& step);
    Status apply(const SetUmask& step);
    Status apply(const BuildStub& step);
    Status apply(const SetRlimit& step);
    // Returns only when it failed.
    Status apply(const ExecuteStub& step);

  private:
    StubTask task_;
    Setgroups setgroups_ = Setgroups::allowed;
    std::string late_cwd_;
    std::string program_;
    std::vector<std::string> env_;
    Fd image_;
};

// The terminal that was made becomes our standard streams, and belongs to `uid`, since the user's
// program must be able to open /proc/self/fd/0. Its descriptors in `context` are closed.
Status put_console_on_stdio(Context& context, uid_t uid);

}  // namespace sampan
