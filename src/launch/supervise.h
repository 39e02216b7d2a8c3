// The outside: what the supervisor does for a container up to the gate, where init waits for
// `start`, step by step as the plan has it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "base/result.h"
#include "cgroup/create.h"
#include "launch/clone_init.h"
#include "launch/hooks.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "linux/net_devices.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "os/made.h"
#include "os/process.h"
#include "plan/plan.h"

namespace sampan {

// Filled in as it comes to be; all of it that init needs is there when init is cloned.
struct Launch {
    const Plan& plan;
    const Cgroup& cgroup;
    const SeccompFilter* seccomp = nullptr;  // null: none
    HookIdentity identity;
    int gate = -1;  // the listening socket, for init
    // Told of what is made in the container's root, if that has to be undone.
    MadeLog log_of_root;
    // Given what hooks wrote.
    HookLog on_hook_output;
    std::function<void(Error)> on_warning;
    // Given the master of the container's terminal.
    std::function<Status(Fd)> on_console;
};

// Carries out the steps that are between it and init. Until take() it owns init, and what it has
// made with it: destruction ends init and brings network devices back.
class Supervisor {
  public:
    // `launch` stays the caller's, and outlives the supervisor.
    explicit Supervisor(const Launch& launch) : launch_(launch) {}
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    Supervisor(Supervisor&&) = delete;
    Supervisor& operator=(Supervisor&&) = delete;
    ~Supervisor() = default;

    // Before the first step: what all of them need.
    Status prepare();

    Status apply(const OpenSource& step);
    Status apply(const CloneInit& step);
    Status apply(const WriteOomScoreAdj& step);
    Status apply(const Await& step);
    Status apply(const Say& step);
    Status apply(const WriteIdMaps& step);
    Status apply(const MoveNetDevices& step);
    Status apply(const RunHook& step);
    Status apply(const HandTerminalOn& step);
    Status apply(const SetScheduler& step);
    Status apply(const SetIoPriority& step);
    Status apply(const SetRlimit& step);
    Status apply(const GivePipes& step);
    // A phase of sources that are opened among init's mounts.
    Status open_inside(const Phase& phase);

    // Init, or, once it is ready, the process that it has made in a joined pid namespace; in our
    // pid namespace. 0: none.
    [[nodiscard]] pid_t pid() const { return init_.pid(); }
    // The host's /proc, checked.
    [[nodiscard]] int proc() const { return context_.proc.get(); }
    // The same, for who undoes a failed create and cannot look it up again.
    Fd take_proc() { return std::move(context_.proc); }
    // The container is made: nothing is undone any more.
    Process take();
    // The reason that is behind a failure, where that is the end of init.
    Error explain(Error error);

  private:
    const Plan& plan() const { return launch_.plan; }
    [[noreturn]] void become_init();
    Status meet_child();

    const Launch& launch_;
    Context context_;
    std::optional<Sync> sync_;
    std::optional<Sync> init_sync_;
    NetDeviceMove net_devices_;
    Process init_;
    UnseenInit unseen_;
};

}  // namespace sampan
