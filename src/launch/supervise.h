// The outside: what the supervisor does for a container until init waits for `start` at the gate,
// step by step as the plan says.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "base/result.h"
#include "cgroup/create.h"
#include "launch/clone_init.h"
#include "launch/hook_files.h"
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

// Filled in step by step; everything that init needs is there when init is cloned.
struct Launch {
    const Plan& plan;
    const Cgroup& cgroup;
    const SeccompFilter* seccomp = nullptr;  // null: none
    HookIdentity identity;
    int gate = -1;  // the listening socket, for init
    // Reports what is made in the container's root, if it must be undone after a failure.
    MadeLog log_of_root;
    // Gets what hooks have printed.
    HookLog on_hook_output;
    std::function<void(Error)> on_warning;
    // Gets the master of the container's terminal.
    std::function<Status(Fd)> on_console;
};

// Carries out the steps between the supervisor and init. Until take() it owns init and what it has
// made with init: destruction ends init, and brings network devices back.
class Supervisor {
  public:
    // `launch` stays the caller's, and must outlive the supervisor.
    explicit Supervisor(const Launch& launch) : launch_(launch) {}
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    Supervisor(Supervisor&&) = delete;
    Supervisor& operator=(Supervisor&&) = delete;
    ~Supervisor() = default;

    // To be called before the first step: prepares what all steps need.
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
    // A phase of sources that are opened in init's mount namespace.
    Status open_inside(const Phase& phase);

    // Init or, once it is ready, the process that init has made in a joined pid namespace; in our
    // pid namespace. 0: none.
    [[nodiscard]] pid_t pid() const { return init_.pid(); }
    // Of the same process; stays ours.
    [[nodiscard]] int pidfd() const { return init_.pidfd(); }
    // The host's /proc, checked.
    [[nodiscard]] int proc() const { return context_.proc.get(); }
    // The same, for undoing a failed create, which may not be able to open it again.
    Fd take_proc() { return std::move(context_.proc); }
    // The container is complete: nothing is undone any more.
    Process take();
    // The reason for a failure, if that is the end of init.
    Error explain(Error error);

  private:
    const Plan& plan() const { return launch_.plan; }
    [[noreturn]] void become_init() noexcept;
    Status make_room();
    Status meet_child();

    const Launch& launch_;
    Context context_;
    HookFiles hook_files_;
    bool has_room_ = false;  // for descriptors
    std::optional<Sync> sync_;
    std::optional<Sync> init_sync_;
    NetDeviceMove net_devices_;
    Process init_;
    UnseenInit unseen_;
};

}  // namespace sampan
