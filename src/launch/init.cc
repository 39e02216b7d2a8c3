#include "launch/init.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/text.h"
#include "launch/final_image.h"
#include "launch/final_steps.h"
#include "linux/exec_failure.h"
#include "linux/program.h"
#include "linux/user.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/path.h"
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

Status become_root(const InitTask& task) {
    const Plan& plan = task.plan;
    if (plan.waits_at_entry()) {
        TRY(task.sync.send(MessageType::entered));
        TRY(task.sync.expect(MessageType::proceed));
    }
    if (plan.namespaces.separate(CLONE_NEWUSER)) TRY(become_namespace_root(plan.setgroups_denied));
    // Now that the id maps, whose files a process that is not dumpable does not own, are written.
    return set_dumpable(false);
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
    if (!task.plan.scheduler && !task.plan.io_priority) return {};
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
    const int peer = context.console_peer.get();
    if (::ioctl(peer, TIOCSCTTY, 0) < 0)
        return fail_errno("making the terminal the controlling one");
    for (const int stdio : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::dup2(peer, stdio) < 0)
            return fail_errno("putting the terminal on descriptor {}", stdio);
    // The user's program must be able to open /proc/self/fd/0.
    if (::fchown(peer, task.plan.credentials.uid, static_cast<gid_t>(-1)) < 0)
        return fail_errno("giving the terminal to the container's user");
    context.console.reset();
    context.console_peer.reset();
    return {};
}

// A working directory that was reached through a leaked descriptor, or is a magic link, is outside
// of the root: the kernel then says "(unreachable)" or nothing (CVE-2024-21626).
Status check_cwd(const std::string& wanted) {
    char path[PATH_MAX];
    // Not getcwd(3), which looks for a way up by itself where the kernel says that there is none.
    if (::syscall(SYS_getcwd, path, sizeof path) > 0 && path[0] == '/') return {};
    return failf("the working directory {} is outside of the container's root", wanted);
}

// As root of the container. True when it could not be entered for lack of rights: then the stub
// tries again as the user.
Result<bool> enter_cwd(const Program& program, const Context& context) {
    if (::chdir(program.cwd.c_str()) < 0) {
        if (errno == EACCES) return true;
        if (errno != ENOENT) return fail_errno("changing to {}", program.cwd);
        const Fd made = TRY(make_directories_in_root(context.root.get(), program.cwd));
        if (::fchdir(made.get()) < 0) return fail_errno("changing to {}", program.cwd);
    }
    TRY(check_cwd(program.cwd));
    return false;
}

std::vector<std::string> make_environment(const Plan& plan, const Context& context) {
    std::vector<std::string> env = plan.program->env;
    if (plan.listen_fds > 0) {
        env.push_back(format("LISTEN_FDS={}", plan.listen_fds));
        env.push_back(format("LISTEN_PID={}", ::getpid()));
    }
    if (find_variable(env, "HOME").empty()) {
        std::erase_if(env, [](const std::string& entry) { return entry.starts_with("HOME="); });
        env.push_back("HOME=" + find_home(context.root.get(), plan.credentials.uid));
    }
    return env;
}

// Programs reopen /dev/stdout: it must belong to whoever they run as. Left alone where it does
// already, where it is /dev/null (everybody's), and where the file system does not let us.
Status give_stdio(const Credentials& who, bool own_user_namespace) {
    if (who.uid == 0 && !own_user_namespace) return {};
    const dev_t null_device = makedev(1, 3);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        struct stat info {};
        if (::fstat(fd, &info) < 0 || info.st_uid == who.uid || info.st_rdev == null_device)
            continue;
        if (::fchown(fd, who.uid, static_cast<gid_t>(-1)) == 0) continue;
        if (errno != EPERM && errno != EROFS && errno != EINVAL && errno != EACCES)
            return fail_errno("giving descriptor {} to user {}", fd, who.uid);
    }
    return {};
}

// Outside of a user namespace init is as privileged as the supervisor, and must do it itself before
// its ids change: prlimit(2) of a process with other ids needs CAP_SYS_RESOURCE even to lower.
Status set_own_rlimits(const Plan& plan) {
    if (plan.namespaces.separate(CLONE_NEWUSER)) return {};
    for (const SetRlimit& limit : plan.rlimits)
        TRY(apply(limit, 0).at(limit.origin));
    return {};
}

// "permission denied" has many reasons: a noexec mount, a folder on the way, the file's mode.
Error explain_lookup(const Plan& plan, const Context& context, Error error) {
    if (!error.message().ends_with("permission denied")) return error;
    const std::string& name = plan.program->args[0];
    const Credentials& who = plan.credentials;
    Error explained = explain_exec_failure(
        context.root.get(),
        {.name = name,
         .path = name.starts_with('/') ? name : clean_path(plan.program->cwd + "/" + name),
         .code = EACCES,
         .uid = who.uid,
         .gid = who.gid,
         .groups = who.groups});
    explained.set_pointer("/process/args/0");
    return explained;
}

// As the user, since which file of PATH may be executed depends on who asks. A missing one must
// fail create, not start: clients rely on it.
Result<std::string> look_up_program(const Plan& plan,
                                    const std::vector<std::string>& env,
                                    const Context& context) {
    AsUser user = TRY(AsUser::enter(plan.credentials));
    Result<std::string> path =
        find_program(plan.program->args[0], find_variable(env, "PATH"), plan.program->cwd)
            .at("/process/args/0");
    TRY(user.leave());
    if (path || !plan.program->args[0].contains('/')) return path;
    return std::unexpected(explain_lookup(plan, context, std::move(path).error()));
}

Status keep_descriptor(int fd) {
    if (::fcntl(fd, F_SETFD, 0) < 0) return fail_errno("keeping a descriptor");
    return {};
}

// The last thing of ours in the container; returns only when it failed.
Status become_stub(const InitTask& task) {
    const Plan& plan = task.plan;
    std::string late_cwd;
    std::string path;
    std::vector<std::string> env;
    if (plan.program && !plan.program->args.empty()) {
        if (TRY(enter_cwd(*plan.program, task.context).at("/process/cwd")))
            late_cwd = plan.program->cwd;
        env = make_environment(plan, task.context);
        path = TRY(look_up_program(plan, env, task.context));
    }
    ::umask(plan.credentials.umask);
    static const std::vector<std::string> no_args;
    const bool has_start_hooks = !plan.hooks.start_container.empty();
    const Fd image = TRY(build_final_image({
        .sync = task.sync.socket(),
        .gate = task.gate,
        .proc = task.context.proc.get(),
        .credentials = plan.credentials,
        .labels = plan.labels,
        .late_cwd = late_cwd,
        .late_rlimits = plan.late_rlimits,
        .seccomp = task.seccomp,
        .start_hooks = plan.hooks.start_container,
        .hook_state = has_start_hooks
                          ? hook_state(task.identity, spec::ContainerStatus::created, ::getpid())
                          : "",
        .program = path,
        .args = plan.program ? plan.program->args : no_args,
        .env = env,
    }));
    TRY(give_stdio(plan.credentials, plan.namespaces.separate(CLONE_NEWUSER)));
    TRY(set_own_rlimits(plan));
    TRY(keep_descriptor(task.sync.socket()));
    TRY(keep_descriptor(task.gate));
    if (!plan.labels.empty()) TRY(keep_descriptor(task.context.proc.get()));
    return std::unexpected(execute_image(image.get(), "sampan-init"));
}

Status init(const InitTask& task) {
    TRY(reset_signals());
    if (::setsid() < 0) return fail_errno("setsid");
    TRY(make_time_namespace(task));
    TRY(become_root(task));
    TRY(enter_cgroup(task));
    ::umask(022);  // of folders that have to be made; the container's own is set last
    TRY(walk(task.plan.setup, task.context));
    TRY(let_runtime_hooks_run(task));
    TRY(run_create_container_hooks(task));
    TRY(walk(task.plan.pivot, task.context));
    // From here on the old root is gone.
    TRY(walk(task.plan.seal, task.context));
    TRY(let_supervisor_schedule(task));
    TRY(take_console(task));
    return become_stub(task);
}

}  // namespace

void run_init(InitTask task) {
    const Status done = init(task);
    if (!done) task.sync.send_failure(done.error());
    ::_exit(1);
}

}  // namespace sampan
