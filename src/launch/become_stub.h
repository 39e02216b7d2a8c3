// What a process does last before it executes the stub, for both `create` and `exec`: the working
// directory, the environment, the program, the image of the stub. The rules of init.h for the time
// after the clone apply here too.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "launch/stub/block.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "plan/process_plan.h"
#include "plan/step.h"

namespace sampan {

struct StubTask {
    const ProcessPlan& process;
    std::span<const Phase> phases;  // with those of the stub
    const Context& context;
    Sync& sync;
    stub::Role role = stub::Role::create;
    int gate = -1;  // of create only
    // If the stub itself clones the program's process, into a pid namespace in which we are not:
    // the socket of that process, and the file into which the kernel writes its pid (stub::Block).
    int execution = -1;
    int cloned = -1;
    const SeccompFilter* seccomp = nullptr;  // null: none
    int listen_fds = 0;
    std::string hook_state;  // for startContainer hooks
};

// Walks the phase of the process. When it begins, we are in the container's namespaces and root, as
// root of its user namespace.
class LastPreparations {
  public:
    explicit LastPreparations(StubTask task) : task_(std::move(task)) {}

    // Known only later.
    void set_setgroups(Setgroups setgroups) { setgroups_ = setgroups; }
    void set_hook_state(std::string state) { task_.hook_state = std::move(state); }

    Status apply(const UseOwnNull& step);
    Status apply(const EnterWorkingDirectory& step);
    Status apply(const FindProgram& step);
    Status apply(const SetUmask& step);
    Status apply(const BuildStub& step);
    Status apply(const SetRlimit& step);
    // Returns only if it has failed.
    Status apply(const ExecuteStub& step);

  private:
    Status postpone_process_limit();
    // `return_to`: see StubSteps.
    Result<Fd> build_image(int return_to) const;
    Status execute_by_path(const char* name);

    StubTask task_;
    Setgroups setgroups_ = Setgroups::allowed;
    std::string late_cwd_;
    std::vector<SetRlimit> postponed_;  // by the stub
    std::string program_;
    std::vector<std::string> env_;
    Fd image_;
};

// Makes the terminal that was made our standard streams, and gives it to `uid`, because the user's
// program must be able to open /proc/self/fd/0. Closes its descriptors in `context`.
Status put_console_on_stdio(Context& context, uid_t uid);

}  // namespace sampan
