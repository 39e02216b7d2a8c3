#include "launch/init.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

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

// The offsets of a time namespace freeze once a process is in it, so that clone3 cannot make one
// that has offsets. unshare(2) makes it for our children only; then we enter it ourselves, which
// needs no process in between. It is owned by our user namespace, new, joined or inherited. Before
// our ids change: afterwards the file of a process that is not dumpable is not ours.
Status make_time_namespace(const InitTask& task) {
    if (!task.plan.time_offsets) return {};
    const WriteTimeOffsets& offsets = *task.plan.time_offsets;
    const int proc = task.context.proc.get();
    TRY(leave_namespaces(CLONE_NEWTIME).in("making a time namespace"));
    TRY(apply(offsets, proc, 0).in(describe(offsets)).at(offsets.origin));
    const Fd made = TRY(open_at(proc, "self/ns/time_for_children", O_RDONLY));
    return join_namespace(made.get(), CLONE_NEWTIME);
}

// Afterwards we are in the last of our user namespaces; what it says of groups is returned.
Result<Setgroups> become_root(const InitTask& task) {
    const Plan& plan = task.plan;
    if (plan.waits_at_entry()) {
        TRY(task.sync.send(MessageType::entered));
        TRY(receive_inner_sources(plan, task.context, task.sync));
        TRY(task.sync.expect(MessageType::proceed));
    }
    const Setgroups setgroups = TRY(read_setgroups(task.context.proc.get()));
    const JoinNamespace* const joined = plan.namespaces.joined(CLONE_NEWUSER);
    if (plan.namespaces.separate(CLONE_NEWUSER))
        TRY(become_namespace_root(setgroups).at(joined != nullptr ? joined->origin : ""));
    TRY(check_user_namespace(plan.process.credentials, setgroups, task.context.proc.get(),
                             plan.process.origin));
    // Now that the id maps, whose files a process that is not dumpable does not own, are written.
    TRY(set_dumpable(false));
    return setgroups;
}

Status enter_cgroup(const InitTask& task) {
    TRY(task.cgroup.enter());
    // After it is in its cgroup: the namespace's root is the cgroup in which it is made.
    if (task.plan.namespaces.creates(CLONE_NEWCGROUP))
        TRY(leave_namespaces(CLONE_NEWCGROUP).in("making a cgroup namespace"));
    return {};
}

Status walk(const std::vector<Action>& actions, Context& context) {
    for (const Action& action : actions)
        TRY(apply(action, context));
    return {};
}

// prestart and createRuntime: all namespaces and mounts are there, the root is not switched yet.
Status let_runtime_hooks_run(const InitTask& task) {
    const spec::Hooks& hooks = task.plan.hooks;
    if (hooks.prestart.empty() && hooks.create_runtime.empty()) return {};
    TRY(task.sync.send(MessageType::rootfs_ready));
    TRY(task.sync.expect(MessageType::hooks_done));
    return {};
}

// The scheduler as the last thing that is done as root of the namespace, after all that forks.
Status let_supervisor_schedule(const InitTask& task) {
    if (!task.plan.process.scheduler && !task.plan.process.io_priority) return {};
    if (task.cloned >= 0) return {};  // not for us, but for our child
    TRY(task.sync.send(MessageType::sealed));
    TRY(task.sync.expect(MessageType::proceed));
    return {};
}

Status run_create_container_hooks(const InitTask& task) {
    if (task.plan.hooks.create_container.empty()) return {};
    const std::string state =
        hook_state(task.identity, spec::ContainerStatus::creating, ::getpid());
    return run_hooks(task.plan.hooks, HookKind::create_container, state, task.plan.bundle,
                     [&task](const std::string& text) { task.sync.send_hook_output(text); });
}

Status take_console(const InitTask& task) {
    Context& context = task.context;
    if (!context.console.valid()) return {};
    TRY(task.sync.send(MessageType::console, 0, context.console.get()));
    // Otherwise our child does it: the end of a session's first process hangs its terminal up.
    if (task.cloned < 0 && ::ioctl(context.console_peer.get(), TIOCSCTTY, 0) < 0)
        return fail_errno("making the terminal the controlling one");
    return put_console_on_stdio(context, task.plan.process.credentials.uid);
}

Error finish(const InitTask& task, Setgroups setgroups) {
    const Plan& plan = task.plan;
    const bool has_start_hooks = !plan.hooks.start_container.empty();
    return become_stub({
        .process = plan.process,
        .context = task.context,
        .setgroups = setgroups,
        .sync = task.sync,
        .gate = task.gate,
        .execution = task.execution,
        .cloned = task.cloned,
        .seccomp = task.seccomp,
        .listen_fds = plan.listen_fds,
        .start_hooks = plan.hooks.start_container,
        .hook_state = has_start_hooks
                          ? hook_state(task.identity, spec::ContainerStatus::created, ::getpid())
                          : "",
    });
}

Status init(const InitTask& task) {
    TRY(reset_signals());
    if (::setsid() < 0) return fail_errno("setsid");
    TRY(make_time_namespace(task));
    const Setgroups setgroups = TRY(become_root(task));
    TRY(enter_cgroup(task));
    ::umask(022);  // of folders that have to be made; the container's own is set last
    TRY(walk(task.plan.setup, task.context));
    TRY(let_runtime_hooks_run(task));
    TRY(run_create_container_hooks(task));
    TRY(walk(task.plan.pivot, task.context));
    // From here on the old root is gone, and nothing is made in the new one any more.
    task.context.sources.clear();
    task.context.mounts.clear();
    task.context.readonly_later.clear();
    TRY(task.context.room.give_back());
    TRY(walk(task.plan.seal, task.context));
    TRY(let_supervisor_schedule(task));
    TRY(take_console(task));
    return Failure(finish(task, setgroups));
}

}  // namespace

void run_init(InitTask task) noexcept {
    const Status done = or_out_of_memory([&] { return init(task); });
    if (!done) task.sync.send_failure(done.error());
    ::_exit(1);
}

}  // namespace sampan
