#include "launch/become_stub.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "launch/stub/image.h"
#include "launch/stub/steps.h"
#include "linux/exec_failure.h"
#include "linux/program.h"
#include "linux/user.h"
#include "os/path.h"

namespace sampan {

namespace {

// A working directory that was reached through a leaked descriptor, or is a magic link, is outside
// of the root: the kernel then says "(unreachable)" or nothing (CVE-2024-21626).
Status check_cwd(const std::string& wanted) {
    char path[PATH_MAX];
    // Not getcwd(3), which looks for a way up by itself where the kernel says that there is none.
    if (::syscall(SYS_getcwd, path, sizeof path) < 0)
        return fail_errno("looking up the working directory {}", wanted);
    if (path[0] == '/') return {};
    return failf("the working directory {} is outside of the container's root", wanted);
}

// As root of the container. True when it could not be entered for lack of rights: then the stub
// tries again as the user.
Result<bool> enter_cwd(const Program& program) {
    if (::chdir(program.cwd.c_str()) < 0) {
        if (errno == EACCES) return true;
        // podman finds "chdir" and the kernel's words.
        return fail_errno("chdir to {}", program.cwd);
    }
    TRY(check_cwd(program.cwd));
    return false;
}

std::string home_of(const StubTask& task) {
    Result<std::string> home = find_home(task.context, task.process.credentials.uid);
    if (home) return std::move(*home);
    Error warning = std::move(home).error();
    warning.add_context("HOME is \"/\", since the user's home is not known");
    warning.set_hint("set HOME in process.env");
    task.sync.send_warning(warning);
    return "/";
}

std::vector<std::string> make_environment(const StubTask& task) {
    std::vector<std::string> env = task.process.program->env;
    if (task.listen_fds > 0) {
        env.push_back(format("LISTEN_FDS={}", task.listen_fds));
        env.push_back(format("LISTEN_PID={}", ::getpid()));
    }
    if (find_variable(env, "HOME").empty()) {
        std::erase_if(env, [](const std::string& entry) { return entry.starts_with("HOME="); });
        env.push_back("HOME=" + home_of(task));
    }
    return env;
}

// Outside of a user namespace we are as privileged as the supervisor, and must do it ourselves
// before our ids change: prlimit(2) of a process with other ids needs CAP_SYS_RESOURCE even to
// lower.
Status set_own_rlimits(const std::vector<SetRlimit>& limits) {
    for (const SetRlimit& limit : limits)
        TRY(apply(limit, 0).at(limit.origin));
    return {};
}

// A stub that makes the program's process forks as the container's user, which a limit on that
// user's processes must not hinder: where it only lowers what there is, the program's own process
// sets it.
Status postpone_process_limit(std::vector<SetRlimit>& now, std::vector<SetRlimit>& late) {
    const auto limit = std::ranges::find(now, RLIMIT_NPROC, &SetRlimit::resource);
    if (limit == now.end()) return {};
    rlimit64 present{};
    if (::prlimit64(0, RLIMIT_NPROC, nullptr, &present) < 0)
        return fail_errno("reading the limit RLIMIT_NPROC");
    if (limit->hard > present.rlim_max) return {};
    late.push_back(*limit);
    now.erase(limit);
    return {};
}

// That it may not be executed has many reasons: a noexec mount, a folder on the way, the file's
// mode.
Error explain_lookup(const StubTask& task, Error error) {
    if (error.kind() != ErrorKind::not_executable) return error;
    const Program& program = *task.process.program;
    const std::string& name = program.args[0];
    const Credentials& who = task.process.credentials;
    return explain_exec_failure(
        task.context.root.get(), task.context.proc.get(),
        {.name = name,
         .path = name.starts_with('/') ? name : clean_path(program.cwd + "/" + name),
         .code = EACCES,
         .uid = who.uid,
         .gid = who.gid,
         .groups = who.groups,
         .capabilities = who.capabilities.effective});
}

// As the user, since which file of PATH may be executed depends on who asks. A missing one must
// fail create, not start: clients rely on it.
Result<std::string> look_up_program(const StubTask& task, const std::vector<std::string>& env) {
    const Program& program = *task.process.program;
    AsUser user = TRY(AsUser::enter(task.process.credentials, task.setgroups));
    Result<std::string> path =
        find_program(program.args[0], find_variable(env, "PATH"), program.cwd);
    TRY(user.leave());
    if (path || !program.args[0].contains('/')) return path;
    return Failure(explain_lookup(task, std::move(path).error()));
}

Status keep_descriptor(int fd) {
    if (fd >= 0 && ::fcntl(fd, F_SETFD, 0) < 0) return fail_errno("keeping a descriptor");
    return {};
}

struct FoundProgram {
    std::string late_cwd;
    std::string path;
    std::vector<std::string> env;
};

Result<FoundProgram> find_program(const StubTask& task) {
    FoundProgram found;
    const std::optional<Program>& program = task.process.program;
    if (!program || program->args.empty()) return found;
    const std::string& origin = task.process.origin;
    if (TRY(enter_cwd(*program).at(origin + "/cwd"))) found.late_cwd = program->cwd;
    found.env = make_environment(task);
    found.path = TRY(look_up_program(task, found.env).at(origin + "/args/0"));
    return found;
}

Status prepare_and_execute(const StubTask& task) {
    const ProcessPlan& process = task.process;
    const FoundProgram found = TRY(find_program(task));
    ::umask(process.credentials.umask);
    std::vector<SetRlimit> rlimits;
    if (!process.own_user_namespace) rlimits = process.rlimits;
    std::vector<SetRlimit> late_rlimits = process.late_rlimits;
    if (task.cloned >= 0) TRY(postpone_process_limit(rlimits, late_rlimits));
    static const std::vector<std::string> no_args;
    const Fd image = TRY(build_stub_image({
        .sync = task.sync.socket(),
        .gate = task.gate,
        .execution = task.execution,
        .cloned = task.cloned,
        .terminal = process.terminal,
        .proc = task.context.proc.get(),
        .credentials = process.credentials,
        .setgroups = task.setgroups,
        .labels = process.labels,
        .late_cwd = found.late_cwd,
        .late_rlimits = late_rlimits,
        .seccomp = task.seccomp,
        .start_hooks = task.start_hooks,
        .hook_state = task.hook_state,
        .program = found.path,
        .args = process.program ? process.program->args : no_args,
        .env = found.env,
    }));
    TRY(set_own_rlimits(rlimits));
    for (const int fd : {task.sync.socket(), task.gate, task.execution, task.cloned})
        TRY(keep_descriptor(fd));
    if (!process.labels.empty()) TRY(keep_descriptor(task.context.proc.get()));
    return Failure(execute_image(image.get(), task.gate < 0 ? "sampan-exec" : "sampan-init"));
}

}  // namespace

Error become_stub(const StubTask& task) {
    return prepare_and_execute(task).error();
}

Status put_console_on_stdio(Context& context, uid_t uid) {
    const int peer = context.console_peer.get();
    for (const int stdio : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::dup2(peer, stdio) < 0)
            return fail_errno("putting the terminal on descriptor {}", stdio);
    if (::fchown(peer, uid, static_cast<gid_t>(-1)) < 0)
        return fail_errno("giving the terminal to the container's user");
    context.console.reset();
    context.console_peer.reset();
    return {};
}

}  // namespace sampan
