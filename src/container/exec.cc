#include "container/exec.h"

#include "base/text.h"
#include "cgroup/systemd/scope.h"
#include "container/container.h"
#include "host/host.h"
#include "launch/enter.h"
#include "launch/seccomp_agent.h"
#include "launch/stub/steps.h"
#include "linux/seccomp_cache.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/procfs.h"
#include "spec/spec.h"

namespace sampan {

namespace {

class Exec {
  public:
    Exec(const Store& store, const Container& container, Lock lock, const ExecOptions& options)
        : store_(store),
          container_(container),
          record_(container.record),
          lock_(std::move(lock)),
          options_(options) {}

    Result<Process> run(std::vector<Problem>& warnings);

  private:
    Status make_plan(std::vector<Problem>& warnings);
    Status prepare_seccomp();
    [[nodiscard]] std::function<Status(pid_t)> mover() const;
    Result<Process> enter(std::vector<Problem>& warnings);
    Status on_ready(pid_t pid);
    Status let_agent_listen(const Fd& listener, pid_t pid);

    const Store& store_;
    const Container& container_;
    const Record& record_;
    std::optional<Lock> lock_;
    const ExecOptions& options_;
    ExecPlan plan_;
    std::vector<NamespaceRecord> namespaces_;
    std::optional<CachedSeccomp> seccomp_;
    Fd agent_;  // of a filter that notifies somebody; closed once it has its message
    bool wrote_pid_file_ = false;
};

// From the config.json as it was at create.
Status Exec::make_plan(std::vector<Problem>& warnings) {
    const SpecFile file =
        TRY(read_spec_text(TRY(container_.folder.read_config()), record_.id + "/" + config_name));
    ExecRequest request = options_.request;
    request.id = record_.id;
    request.new_keyring = record_.new_keyring;
    plan_ = TRY(make_exec_plan(file.spec, TRY(read_host()), request));
    warnings.insert(warnings.end(), plan_.warnings.begin(), plan_.warnings.end());
    namespaces_ = record_.namespaces;
    // Of an earlier sampan.
    if (namespaces_.empty()) namespaces_ = namespaces_of(TRY(plan_namespaces(file.spec)));
    return {};
}

// The agent first: a program whose system calls nobody answers would hang.
Status Exec::prepare_seccomp() {
    if (!plan_.seccomp) return {};
    seccomp_ = TRY(cached_seccomp(*plan_.seccomp, store_.path() + "/.seccomp-cache"));
    TRY(check_filter(seccomp_->filter, plan_.process.credentials));
    if (notifies(*plan_.seccomp)) agent_ = TRY(connect_to_agent(*plan_.seccomp, record_.bundle));
    return {};
}

Status Exec::on_ready(pid_t pid) {
    if (plan_.rdt_group) {
        const std::string root = TRY(find_resctrl());
        TRY(enter_rdt_group(*plan_.rdt_group, root, pid).at(plan_.rdt_group->origin));
    }
    if (!options_.pid_file.empty()) {
        TRY(place_file(cwd, options_.pid_file, format("{}", pid), 0644).in("writing the pid file"));
        wrote_pid_file_ = true;
    }
    // From here on we wait for a process that the container can hinder: it must not keep others
    // from pausing or deleting it.
    lock_.reset();
    return {};
}

Status Exec::let_agent_listen(const Fd& listener, pid_t pid) {
    if (!agent_.valid()) return failf("a descriptor for an agent that nobody asked for");
    const Fd agent = std::move(agent_);
    return send_to_agent(agent.get(), listener.get(), *plan_.seccomp, identity_of(record_),
                         {.status = ContainerStatus::running, .init = record_.pid, .pid = pid});
}

// Only systemd can, and only to the container's other processes.
std::function<Status(pid_t)> Exec::mover() const {
    if (!record_.cgroup.unit || !options_.cgroups.empty()) return nullptr;
    return [this](pid_t pid) {
        return attach_to_unit(*record_.cgroup.unit, record_.cgroup.places.at(0).path, pid);
    };
}

// Whatever fails when the container ends fails for that reason. Its first process can be seen to
// have ended only once all others have been reaped, ours among them; its memory goes before.
Error explain_end(Error error, pid_t init) {
    const Result<std::optional<FileIdentity>> file = executed_file(init);
    if (!file || *file) return error;
    error.set_kind(ErrorKind::not_running);
    return std::move(error.add_context("container not running: its first process has ended"));
}

Result<Process> Exec::enter(std::vector<Problem>& warnings) {
    const Fd init = TRY(open_init(record_));
    const Fd procfs = TRY(open_proc());
    const CgroupJoin cgroup =
        TRY(open_cgroup(record_.cgroup, options_.cgroups, procfs.get(), record_.pid));
    Process process = TRY(enter_container({
        .plan = plan_,
        .init = record_.pid,
        .init_pidfd = init,
        .namespaces = namespaces_,
        .chrooted = record_.host_mounts.has_value(),
        .cgroup = cgroup,
        .other_cgroup =
            [this](int proc) { return open_cgroup_of(record_.cgroup, proc, record_.pid); },
        .move_in = mover(),
        .seccomp = seccomp_ ? &seccomp_->filter : nullptr,
        .on_warning =
            [&warnings](const Error& warning) {
                warnings.push_back({warning.pointer(), warning.message(), warning.hint(), {}});
            },
        .on_console = options_.on_console,
        .on_delay = [this] { lock_->release(); },
        .on_ready = [this](pid_t pid) { return on_ready(pid); },
        .on_listener = [this](const Fd& listener,
                              pid_t pid) { return let_agent_listen(listener, pid); },
    }));
    if (agent_.valid())
        return fail(ErrorKind::ended_early, "the process ended before its program was executed");
    return process;
}

Result<Process> Exec::run(std::vector<Problem>& warnings) {
    TRY(make_plan(warnings));
    TRY(prepare_seccomp());
    Result<Process> process = enter(warnings);
    // A signal that comes from now on is the program's.
    if (process) return process;
    const bool interrupted = heed_interruption().has_value();
    if (wrote_pid_file_) (void)remove_file(cwd, options_.pid_file);
    if (interrupted) return Failure(check_interruption().error());
    return Failure(explain_end(std::move(process).error(), record_.pid));
}

Status check_status(const Container& container, bool ignore_paused) {
    if (ignore_paused && container.status == ContainerStatus::paused) return {};
    return allow(Operation::exec, container.status, container.record.id);
}

Result<Process> lock_and_enter(const Store& store,
                               const std::string& name,
                               const ExecOptions& options,
                               std::vector<Problem>& warnings) {
    const Folder folder = TRY(find_folder(store, name));
    // Held until the process is let go: `pause` must not freeze one that is entering, which would
    // keep us waiting (and an engine with us). Not where the container does that anyway.
    Lock lock = TRY(folder.lock_shared());
    const Container container = TRY(find_locked(store, folder));
    TRY(check_status(container, options.ignore_paused));
    return Exec(store, container, std::move(lock), options).run(warnings);
}

}  // namespace

Result<Process> exec_in_container(const Store& store,
                                  const std::string& name,
                                  const ExecOptions& options,
                                  std::vector<Problem>& warnings) {
    Interruptible interruptible;
    Result<Process> process = lock_and_enter(store, name, options, warnings);
    if (process) TRY(interruptible.end());
    if (!process && heed_interruption()) return Failure(check_interruption().error());
    return process;
}

}  // namespace sampan
