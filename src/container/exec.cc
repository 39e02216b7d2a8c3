#include "container/exec.h"

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/systemd/scope.h"
#include "container/container.h"
#include "container/pid_file.h"
#include "host/host.h"
#include "launch/enter.h"
#include "launch/pidfd_socket.h"
#include "launch/seccomp_agent.h"
#include "linux/seccomp_cache.h"
#include "linux/seccomp_check.h"
#include "os/interruption.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// One exec. It walks the phases of exec. Steps about files of sampan are done here; exec and the
// process that enters the container do the rest.
class Exec {
  public:
    Exec(const Store& store, const Container& container, Lock lock, const ExecOptions& options)
        : store_(store),
          container_(container),
          record_(container.record),
          lock_(std::move(lock)),
          options_(options) {}

    Result<Process> run(Warnings& warnings);

    Status apply(const PrepareFilter& step);
    Status apply(const ConnectToAgent& step);
    Status apply(const EnterRdtGroup& step);
    Status apply(const WritePidFile& step) { return pid_file_.write(step, entering_->pid()); }
    Status apply(const SendPidfd& step) { return send_pidfd(step.path, entering_->pidfd()); }
    Status apply(const LetExecute& step);
    template <class Step>
    requires requires(Entering& entering, const Step& step) { entering.apply(step); }
    Status apply(const Step& step) { return entering_->apply(step); }

  private:
    Status make_plan(Warnings& warnings);
    [[nodiscard]] std::function<Status(pid_t)> mover() const;
    Result<Process> enter(Warnings& warnings);
    Status let_agent_listen(const Fd& listener, pid_t pid);

    const Store& store_;
    const Container& container_;
    const Record& record_;
    std::optional<Lock> lock_;
    const ExecOptions& options_;
    ExecPlan plan_;
    std::vector<NamespaceRecord> namespaces_;
    std::optional<CachedSeccomp> seccomp_;
    Fd agent_;  // of a filter that notifies an agent; closed once the agent has its message
    Entry* entry_ = nullptr;
    Entering* entering_ = nullptr;
    PidFile pid_file_;
};

// From the config.json that create read.
Status Exec::make_plan(Warnings& warnings) {
    const Spec spec = TRY(read_kept_config(container_.folder));
    ExecRequest request = options_.request;
    request.id = record_.id;
    request.new_keyring = record_.new_keyring;
    plan_ = TRY(make_exec_plan(spec, TRY(read_host()), request));
    if (!plan_.warnings.empty())
        warnings.push_back(Error("what is asked for").set_problems("", plan_.warnings));
    namespaces_ = record_.namespaces;
    // The record of an earlier sampan has none.
    if (namespaces_.empty()) namespaces_ = namespaces_of(plan_namespaces(spec));
    return {};
}

Status Exec::apply(const PrepareFilter&) {
    seccomp_ = TRY(cached_seccomp(*plan_.seccomp, store_.seccomp_cache()));
    entry_->seccomp = &seccomp_->filter;
    return check_filter(seccomp_->filter, plan_.process.credentials);
}

Status Exec::apply(const ConnectToAgent&) {
    agent_ = TRY(connect_to_agent(*plan_.seccomp, record_.bundle));
    return {};
}

Status Exec::apply(const EnterRdtGroup& step) {
    const std::string root = TRY(find_resctrl());
    return enter_rdt_group(step.group, root, entering_->pid()).at(step.origin);
}

Status Exec::apply(const LetExecute& step) {
    // From here on we wait for a process that the container can stop. This must not keep others
    // from pausing or deleting the container.
    lock_.reset();
    return entering_->apply(step);
}

Status Exec::let_agent_listen(const Fd& listener, pid_t pid) {
    if (!agent_.valid()) return failf("a descriptor for an agent that nobody asked for");
    const Fd agent = std::move(agent_);
    return send_to_agent(agent.get(), listener.get(), *plan_.seccomp, identity_of(record_),
                         {.status = ContainerStatus::running, .init = record_.pid, .pid = pid});
}

// Only systemd can move it, and only to the container's other processes.
std::function<Status(pid_t)> Exec::mover() const {
    const CgroupPlace* const place = listing_place(record_.cgroup);
    if (!record_.cgroup.unit || place == nullptr || !options_.cgroups.empty()) return nullptr;
    return
        [this, place](pid_t pid) { return attach_to_unit(*record_.cgroup.unit, place->path, pid); };
}

// If something fails because the container is ending, that is the reason to report. The end of the
// first process shows only once all others have been reaped, and ours is among them; its memory is
// gone earlier.
Error explain_end(Error error, pid_t init) {
    const Result<std::optional<FileIdentity>> file = executed_file(init);
    if (!file || *file) return error;
    error.set_kind(ErrorKind::not_running);
    return std::move(error.add_context("container not running: its first process has ended"));
}

Result<Process> Exec::enter(Warnings& warnings) {
    const Fd init = TRY(open_init(record_));
    const Fd procfs = TRY(open_proc());
    const CgroupJoin cgroup =
        TRY(open_cgroup(record_.cgroup, options_.cgroups, procfs.get(), record_.pid));
    Entry entry{
        .plan = plan_,
        .init = record_.pid,
        .init_pidfd = init,
        .namespaces = namespaces_,
        .chrooted = record_.host_mounts.has_value(),
        .cgroup = cgroup,
        .other_cgroup =
            [this](int proc) { return open_cgroup_of(record_.cgroup, proc, record_.pid); },
        .move_in = mover(),
        .on_warning = [&warnings](Error warning) { warnings.push_back(std::move(warning)); },
        .on_console = options_.on_console,
        .on_delay = [this] { lock_->release(); },
        .on_listener = [this](const Fd& listener,
                              pid_t pid) { return let_agent_listen(listener, pid); },
    };
    Entering entering(entry);
    entry_ = &entry;
    entering_ = &entering;
    TRY(entering.prepare());
    const Status walked = walk_all(plan_.phases, Walker::exec, *this);
    if (!walked) return Failure(entering.explain(walked.error()));
    if (agent_.valid())
        return fail(ErrorKind::ended_early, "the process ended before its program was executed");
    return entering.take();
}

Result<Process> Exec::run(Warnings& warnings) {
    TRY(make_plan(warnings));
    Result<Process> process = enter(warnings);
    // From now on a signal is meant for the program.
    if (process) return process;
    const bool interrupted = heed_interruption().has_value();
    (void)pid_file_.remove();
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
                               Warnings& warnings) {
    const Folder folder = TRY(find_folder(store, name));
    // Held until the process is let go: `pause` must not freeze a process that is entering, which
    // would keep us (and an engine) waiting. Not held any longer if the container itself stops that
    // process.
    Lock lock = TRY(folder.lock_shared());
    const Container container = TRY(find_locked(store, folder));
    TRY(check_status(container, options.ignore_paused));
    return Exec(store, container, std::move(lock), options).run(warnings);
}

}  // namespace

Result<Process> exec_in_container(const Store& store,
                                  const std::string& name,
                                  const ExecOptions& options,
                                  Warnings& warnings) {
    Interruptible interruptible;
    Result<Process> process = lock_and_enter(store, name, options, warnings);
    if (process) TRY(interruptible.end());
    if (!process && heed_interruption()) return Failure(check_interruption().error());
    return process;
}

}  // namespace sampan
