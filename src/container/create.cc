#include "container/create.h"

#include <sys/socket.h>

#include <cerrno>

#include "base/text.h"
#include "container/making.h"
#include "launch/pidfd_socket.h"
#include "launch/seccomp_agent.h"
#include "launch/supervise.h"
#include "launch/sync.h"
#include "linux/seccomp_cache.h"
#include "linux/seccomp_check.h"
#include "mounts/missing_path.h"
#include "os/interruption.h"
#include "os/out_of_memory.h"
#include "os/socket.h"

namespace sampan {

namespace {

// One create, with what must be undone if it fails. It walks the phases of create. Steps about the
// container's folder and its record are done here (making.h); cgroups do their own steps; the
// supervisor and init do the rest.
class Creation : public Making {
  public:
    Creation(const Store& store,
             const SpecFile& file,
             const Plan& plan,
             const CreateOptions& options,
             Warnings& warnings)
        : Making(store, file, plan, warnings),
          launch_{
              .plan = plan,
              .cgroup = cgroup_,
              .identity = {plan.id, plan.bundle, plan.annotations},
              .on_warning = [&warnings](Error warning) { warnings.push_back(std::move(warning)); },
              .on_console = options.on_console} {}

    Status run();
    Created take();
    // Undoes everything. Failures in doing so are warnings.
    Error give_up(Error error);

    using Making::apply;
    Status apply(const RecordIntent& step);
    Status apply(const PrepareFilter& step);
    Status apply(const CheckAgent& step);
    Status apply(const ListenAtGate& step);
    Status apply(const RecordInit&) { return record_init(supervisor_->pid()); }
    Status apply(const LeaveUnit&) { return cgroup_.take_in(supervisor_->pid()); }
    Status apply(const EnterRdtGroup& step) { return enter_group(step, supervisor_->pid()); }
    Status apply(const RecordReady& step);
    Status apply(const WritePidFile& step) { return pid_file_.write(step, supervisor_->pid()); }
    Status apply(const SendPidfd& step) {
        return send_pidfd(step.path, supervisor_->pidfd()).at(step.origin);
    }
    Status apply(const RunHook& step) {
        hooks_began_ = true;
        return supervisor_->apply(step);
    }
    template <class Step>
    requires requires(Supervisor& supervisor, const Step& step) { supervisor.apply(step); }
    Status apply(const Step& step) { return supervisor_->apply(step); }

  private:
    Status walk_phases();
    [[nodiscard]] Error explain(Error error) const;

    Fd gate_;
    std::optional<CachedSeccomp> seccomp_;
    Launch launch_;
    std::optional<Supervisor> supervisor_;
    Process init_;
};

Status Creation::apply(const RecordIntent&) {
    launch_.on_hook_output = [this](const std::string& text) { folder_->log_hook(text); };
    TRY(record_intent(supervisor_->proc()));
    launch_.log_of_root = log_of_root();
    return {};
}

Status Creation::apply(const PrepareFilter&) {
    seccomp_ = TRY(cached_seccomp(*plan_.seccomp, store_.seccomp_cache()));
    launch_.seccomp = &seccomp_->filter;
    if (!record_.has_program) return {};
    return check_filter(seccomp_->filter, plan_.process.credentials);
}

Status Creation::apply(const CheckAgent&) {
    return check_agent(*plan_.seccomp, plan_.bundle);
}

Status Creation::apply(const ListenAtGate&) {
    record_.cgroup = cgroup_.record();
    gate_ = TRY(listen_in(folder_->dir(), gate_name, SOCK_SEQPACKET, 0600));
    launch_.gate = gate_.get();
    return {};
}

Status Creation::apply(const RecordReady&) {
    const pid_t pid = supervisor_->pid();
    const std::optional<FileIdentity> waiting = TRY(executed_file(pid));
    if (!waiting) return end_of_conversation();
    record_.waiting_device = waiting->device;
    record_.waiting_inode = waiting->inode;
    return record_ready(pid, supervisor_->proc());
}

Status Creation::walk_phases() {
    for (const Phase& phase : plan_.phases) {
        TRY(check_interruption());
        if (phase.walker == Walker::create) TRY(walk(phase, *this));
        if (phase.walker == Walker::opener) TRY(supervisor_->open_inside(phase));
    }
    return {};
}

Error Creation::explain(Error error) const {
    const bool refused =
        error.code() == EACCES || error.code() == EPERM || error.code() == EOVERFLOW;
    // Places are made in it, unless the first mount becomes the root.
    if (refused && plan_.id_maps && !covers_root(file_.spec))
        error.set_hint(hint_for_owner(record_.rootfs, *plan_.id_maps));
    return error;
}

Status Creation::run() {
    Interruptible interruptible;
    set_memory_aside();
    supervisor_.emplace(launch_);
    TRY(supervisor_->prepare());
    Status walked = walk_phases();
    if (!walked) return Failure(explain(supervisor_->explain(std::move(walked).error())));
    init_ = supervisor_->take();
    return interruptible.end();
}

Created Creation::take() {
    Container container = hand_over(ContainerStatus::created);
    return {std::move(container), std::move(*lock_), std::move(init_)};
}

Error Creation::give_up(Error error) {
    if (!has_made()) return error;  // the ID may belong to another container
    const Fd proc = supervisor_->take_proc();
    supervisor_.reset();
    init_ = Process();
    // Descriptors are closed first, because there may have been too few of them.
    gate_.reset();
    cgroup_.end_joining();
    return undo(std::move(error), proc.get());
}

}  // namespace

Result<Created> create_container(const Store& store,
                                 const SpecFile& file,
                                 const Plan& plan,
                                 const CreateOptions& options,
                                 Warnings& warnings) {
    Creation creation(store, file, plan, options, warnings);
    Status made = or_out_of_memory([&] { return creation.run(); });
    // A signal at the very end has killed init.
    if (made) made = check_interruption();
    if (made) return creation.take();
    return Failure(creation.give_up(std::move(made).error()));
}

}  // namespace sampan
