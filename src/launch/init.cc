#include "launch/init.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <optional>

#include "base/text.h"
#include "launch/become_stub.h"
#include "launch/inner_sources.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/out_of_memory.h"
#include "os/process.h"
#include "os/signals.h"

namespace sampan {

namespace {

// Walks the phases of init.
class Init {
  public:
    explicit Init(const InitTask& task)
        : task_(task),
          last_({.process = task.plan.process,
                 .phases = task.plan.phases,
                 .context = task.context,
                 .sync = task.sync,
                 .gate = task.gate,
                 .execution = task.execution,
                 .cloned = task.cloned,
                 .seccomp = task.seccomp,
                 .listen_fds = task.plan.listen_fds,
                 .hook_state = {}}) {}

    Status apply(const BeginSession& step);
    Status apply(const MakeTimeNamespace& step);
    Status apply(const Say& step) { return task_.sync.say(step.word); }
    Status apply(const Await& step) { return task_.sync.await(step.word); }
    Status apply(const TakeSource& step);
    Status apply(const BecomeNamespaceRoot& step);
    Status apply(const CheckUser& step);
    Status apply(const HideFromOthers& step);
    Status apply(const EnterCgroup& step);
    Status apply(const MakeLateNamespaces& step);
    Status apply(const EnterInnerCgroup&) { return task_.cgroup.enter_inner(); }
    Status apply(const Action& step) { return sampan::apply(step, task_.context); }
    Status apply(const RunHook& step);
    Status apply(const CloseSources& step);
    Status apply(const UseTerminal& step);
    Status apply(const BuildStub& step);
    // Steps that it does like the process in between of exec.
    template <class Step>
    requires requires(LastPreparations& last, const Step& step) { last.apply(step); }
    Status apply(const Step& step) { return last_.apply(step); }

  private:
    Status read_setgroups_once();

    const InitTask& task_;
    LastPreparations last_;
    // What our last user namespace says about groups, once we are in it.
    std::optional<Setgroups> setgroups_;
};

Status Init::apply(const BeginSession&) {
    TRY(reset_signals());
    if (::setsid() < 0) return fail_errno("setsid");
    return {};
}

// The offsets of a time namespace cannot change any more once a process is in it. So clone3 cannot
// make one that has offsets. unshare(2) makes one for our children only, and then we enter it
// ourselves, which needs no process in between. It belongs to our user namespace, whether that is
// new, joined or inherited.
Status Init::apply(const MakeTimeNamespace& step) {
    const int proc = task_.context.proc.get();
    TRY(leave_namespaces(CLONE_NEWTIME).in("making a time namespace"));
    TRY(sampan::apply(step.offsets, proc, 0).in(describe(step.offsets)).at(step.origin));
    const Fd made = TRY(open_at(proc, "self/ns/time_for_children", O_RDONLY));
    return join_namespace(made.get(), CLONE_NEWTIME);
}

Status Init::apply(const TakeSource& step) {
    return receive_inner_source(step, task_.context, task_.sync);
}

Status Init::read_setgroups_once() {
    if (setgroups_) return {};
    setgroups_ = TRY(read_setgroups(task_.context.proc.get(), task_.plan.process.credentials));
    last_.set_setgroups(*setgroups_);
    return {};
}

Status Init::apply(const BecomeNamespaceRoot& step) {
    TRY(read_setgroups_once());
    return become_namespace_root(*setgroups_).at(step.origin);
}

Status Init::apply(const CheckUser& step) {
    TRY(read_setgroups_once());
    return check_user_namespace(step.credentials, *setgroups_, task_.context.proc.get(),
                                step.origin);
}

Status Init::apply(const HideFromOthers&) {
    return set_dumpable(false);
}

Status Init::apply(const EnterCgroup&) {
    return task_.cgroup.enter();
}

Status Init::apply(const MakeLateNamespaces& step) {
    return leave_namespaces(static_cast<int>(step.types)).in("making namespaces");
}

Status Init::apply(const RunHook& step) {
    const std::string state =
        hook_state(task_.identity, spec::ContainerStatus::creating, ::getpid());
    const HookLog log = [this](const std::string& text) { task_.sync.send_hook_output(text); };
    return run_hook(step, {state, task_.plan.bundle, log, -1, &task_.hook_files});
}

Status Init::apply(const CloseSources&) {
    task_.context.sources.clear();
    task_.context.mounts.clear();
    task_.context.readonly_later.clear();
    return task_.context.room.give_back();
}

Status Init::apply(const UseTerminal& step) {
    Context& context = task_.context;
    TRY(task_.sync.send(MessageType::console, 0, context.console.get()));
    // Otherwise our child does it: when the first process of a session ends, its terminal is hung
    // up.
    if (task_.cloned < 0 && ::ioctl(context.console_peer.get(), TIOCSCTTY, 0) < 0)
        return fail_errno("making the terminal the controlling one");
    return put_console_on_stdio(context, step.owner);
}

Status Init::apply(const BuildStub& step) {
    if (!task_.plan.hooks.start_container.empty())
        last_.set_hook_state(
            hook_state(task_.identity, spec::ContainerStatus::created, ::getpid()));
    return last_.apply(step);
}

}  // namespace

void run_init(InitTask task) noexcept {
    const Status done = or_out_of_memory([&]() -> Status {
        Init init(task);
        return walk_all(task.plan.phases, Walker::init, init);
    });
    if (!done) task.sync.send_failure(done.error());
    ::_exit(1);
}

}  // namespace sampan
