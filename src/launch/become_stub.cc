#include "launch/become_stub.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "launch/streams.h"
#include "launch/stub/image.h"
#include "launch/stub/steps.h"
#include "linux/exec_failure.h"
#include "linux/home.h"
#include "linux/program.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// A working directory may be outside of the root: if it was reached through a leaked descriptor, or
// is a magic link. The kernel then says "(unreachable)" or nothing (CVE-2024-21626).
Status check_cwd(const std::string& wanted) {
    char path[PATH_MAX];
    // Not getcwd(3), which searches a way itself when the kernel finds none.
    if (::syscall(SYS_getcwd, path, sizeof path) < 0)
        return fail_errno("looking up the working directory {}", wanted);
    if (path[0] == '/') return {};
    return failf("the working directory {} is outside of the container's root", wanted);
}

// As root of the container. True if there were not enough rights to enter it: then the stub tries
// again as the user.
Result<bool> enter_cwd(const std::string& path) {
    if (::chdir(path.c_str()) < 0) {
        if (errno == EACCES) return true;
        // podman looks for "chdir" and the kernel's words.
        return fail_errno("chdir to {}", path);
    }
    TRY(check_cwd(path));
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

// There are many reasons why it may not be executed: a noexec mount, a folder on the way, the
// file's mode.
Error explain_lookup(const StubTask& task) {
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

// Of the container, in which we are.
std::vector<std::string> list_folder(const std::string& folder, size_t most) {
    return list_directory(cwd, folder, most).value_or(std::vector<std::string>());
}

// A file system of the container can make us wait, and exec holds the container's lock.
std::vector<std::string> list_nothing(const std::string& /*folder*/, size_t /*most*/) {
    return {};
}

Error explain_missing(const StubTask& task, Error error, std::string_view path) {
    const Program& program = *task.process.program;
    error.set_hint(hint_for_missing({.name = program.args[0],
                                     .path = std::string(path),
                                     .cwd = program.cwd,
                                     .root = task.process.root},
                                    task.role == stub::Role::exec ? list_nothing : list_folder));
    return error;
}

// As the user, because it depends on the user which file of PATH may be executed. Clients expect
// that create fails if the program is missing, not start.
Result<std::string> look_up_program(const StubTask& task,
                                    Setgroups setgroups,
                                    const std::vector<std::string>& env) {
    const Program& program = *task.process.program;
    const std::string_view folders = find_variable(env, "PATH");
    AsUser user = TRY(AsUser::enter(task.process.credentials, setgroups));
    Result<std::string> path = find_program(program.args[0], folders, program.cwd);
    const bool forbidden =
        !path && program.args[0].contains('/') && is_forbidden(program.args[0], program.cwd);
    if (!path && path.error().kind() == ErrorKind::program_not_found)
        path = Failure(explain_missing(task, std::move(path).error(), folders));
    TRY(user.leave());
    if (!forbidden) return path;
    return Failure(explain_lookup(task));
}

Status keep_descriptor(int fd) {
    if (fd >= 0 && ::fcntl(fd, F_SETFD, 0) < 0) return fail_errno("keeping a descriptor");
    return {};
}

}  // namespace

Status LastPreparations::apply(const UseOwnNull&) {
    use_own_null(task_.context.proc.get());
    return {};
}

Status LastPreparations::apply(const EnterWorkingDirectory& step) {
    if (TRY(enter_cwd(step.path).at(step.origin))) late_cwd_ = step.path;
    return {};
}

Status LastPreparations::apply(const FindProgram& step) {
    env_ = make_environment(task_);
    program_ = TRY(look_up_program(task_, setgroups_, env_).at(step.origin));
    return {};
}

Status LastPreparations::apply(const SetUmask& step) {
    ::umask(step.umask);
    return {};
}

// An init that works unseen has a stub that forks, which is known only now.
Status LastPreparations::postpone_process_limit() {
    if (task_.cloned < 0 || task_.role == stub::Role::exec || task_.process.own_user_namespace)
        return {};
    rlimit64 present{};
    if (::prlimit64(0, RLIMIT_NPROC, nullptr, &present) < 0)
        return fail_errno("reading the limit RLIMIT_NPROC");
    std::vector<SetRlimit> limits = task_.process.rlimits;
    postponed_ = take_process_limit(limits, present.rlim_max);
    return {};
}

Status LastPreparations::apply(const BuildStub&) {
    TRY(postpone_process_limit());
    image_ = TRY(build_image(-1));
    return {};
}

Result<Fd> LastPreparations::build_image(int return_to) const {
    return build_stub_image({
        .phases = task_.phases,
        .sync = task_.sync.socket(),
        .role = task_.role,
        .gate = task_.gate,
        .execution = task_.execution,
        .cloned = task_.cloned,
        .terminal = task_.process.terminal,
        .proc = task_.context.proc.get(),
        .return_to = return_to,
        .setgroups = setgroups_,
        .late_cwd = late_cwd_,
        .postponed = postponed_,
        .seccomp = task_.seccomp,
        .hook_state = task_.hook_state,
        .program = program_,
        .env = env_,
    });
}

Status LastPreparations::apply(const SetRlimit& step) {
    if (std::ranges::find(postponed_, step) != postponed_.end()) return {};
    return sampan::apply(step, 0).at(step.origin);
}

Status LastPreparations::apply(const ExecuteStub&) {
    for (const int fd : {task_.sync.socket(), task_.gate, task_.execution, task_.cloned})
        TRY(keep_descriptor(fd));
    if (!task_.process.labels.empty()) TRY(keep_descriptor(task_.context.proc.get()));
    const char* const name = task_.role == stub::Role::exec ? "sampan-exec" : "sampan-init";
    Error failed = execute_image(image_.get(), name);
    if (failed.code() == ENOENT && task_.cloned >= 0) return execute_by_path(name);
    return Failure(std::move(failed));
}

// Before Linux 6.13, TOMOYO (in the kernels of Debian) looks a program that is executed by its
// descriptor up as /dev/fd/N, and fails if that leads nowhere: the container's /proc does not show
// us while we are outside of its pid namespace. The host's /proc does. It has to be the working
// directory for that, where nobody inside can see us, and the first call of the stub leaves it.
Status LastPreparations::execute_by_path(const char* name) {
    const Fd here = TRY(open_at(cwd, ".", O_PATH | O_DIRECTORY));
    TRY(keep_descriptor(here.get()));
    image_ = TRY(build_image(here.get()));
    if (::fchdir(task_.context.proc.get()) < 0) return fail_errno("entering /proc");
    return Failure(execute_image_by_path(image_.get(), name));
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
