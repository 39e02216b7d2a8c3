#include "container/create.h"

#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <memory>

#include "base/text.h"
#include "cgroup/create.h"
#include "cgroup/kill.h"
#include "cgroup/oom_kills.h"
#include "container/clear_root.h"
#include "container/destroy.h"
#include "container/pid_file.h"
#include "launch/hooks.h"
#include "launch/seccomp_agent.h"
#include "launch/supervise.h"
#include "launch/sync.h"
#include "linux/seccomp_cache.h"
#include "linux/seccomp_check.h"
#include "mounts/missing_path.h"
#include "os/clock.h"
#include "os/interruption.h"
#include "os/namespaces.h"
#include "os/out_of_memory.h"
#include "os/path.h"
#include "os/socket.h"

namespace sampan {

namespace {

Record make_record(const SpecFile& file, const Plan& plan) {
    Record record;
    record.oci_version = file.spec.oci_version;
    record.id = plan.id;
    record.bundle = plan.bundle;
    if (file.spec.root) record.rootfs = clean_path(root_path(file.spec, plan.bundle));
    record.created = timestamp();
    record.owner = ::geteuid();
    record.annotations = plan.annotations;
    record.has_program = plan.process.has_program();
    record.own_pid_namespace = plan.namespaces.creates(CLONE_NEWPID);
    record.new_keyring = plan.new_keyring;
    record.has_seccomp_agent = plan.asks_agent();
    record.has_notify_folder = !plan.notify_folder.empty();
    record.has_poststart_hooks = !plan.hooks.poststart.empty();
    record.has_poststop_hooks = !plan.hooks.poststop.empty();
    return record;
}

// One create, with what must be undone if it fails. It walks the phases of create. Steps about the
// container's folder and its record are done here; cgroups do their own steps; the supervisor and
// init do the rest.
class Creation {
  public:
    Creation(const Store& store,
             const SpecFile& file,
             const Plan& plan,
             const CreateOptions& options,
             Warnings& warnings)
        : store_(store),
          file_(file),
          plan_(plan),
          launch_{
              .plan = plan,
              .cgroup = cgroup_,
              .identity = {plan.id, plan.bundle, plan.annotations},
              .on_warning = [&warnings](Error warning) { warnings.push_back(std::move(warning)); },
              .on_console = options.on_console},
          warnings_(warnings) {}

    Status run();
    Created take();
    // Undoes everything. Failures in doing so are warnings.
    Error undo(Error error);

    Status apply(const MakeFolder& step);
    Status apply(const RecordIntent& step);
    Status apply(const MakeNotifyFolder& step);
    Status apply(const PrepareFilter& step);
    Status apply(const CheckAgent& step);
    Status apply(const StartUnit& step) { return cgroup_.apply(step).in("making the cgroup"); }
    Status apply(const MakeCgroup& step) { return cgroup_.apply(step).in("making the cgroup"); }
    Status apply(const MakeRdtGroup& step);
    Status apply(const ListenAtGate& step);
    Status apply(const RecordInit& step);
    Status apply(const LeaveUnit& step);
    Status apply(const EnterRdtGroup& step);
    Status apply(const RecordReady& step);
    Status apply(const WritePidFile& step) { return pid_file_.write(step, supervisor_->pid()); }
    template <class Step>
    requires requires(Cgroup& cgroup, const Step& step) { cgroup.apply(step); }
    Status apply(const Step& step) { return cgroup_.apply(step); }
    template <class Step>
    requires requires(Supervisor& supervisor, const Step& step) { supervisor.apply(step); }
    Status apply(const Step& step) { return supervisor_->apply(step); }

  private:
    Status walk_phases();
    [[nodiscard]] Error explain(Error error) const;
    MadeLog log_of_root();
    void run_poststop_hooks();

    const Store& store_;
    const SpecFile& file_;
    const Plan& plan_;
    std::optional<Folder> folder_;
    std::optional<Lock> lock_;
    Record record_;
    Cgroup cgroup_;
    std::string resctrl_;  // its mount point
    RdtRecord made_rdt_;
    Fd gate_;
    std::optional<CachedSeccomp> seccomp_;
    Launch launch_;
    std::optional<Supervisor> supervisor_;
    Warnings& warnings_;
    Process init_;
    PidFile pid_file_;
    // This memory is given up first, so that a create that fails for lack of memory has enough to
    // undo what it has made. Nothing is written to it, so that it costs no page.
    static constexpr size_t enough_to_undo = 96 << 10;
    std::unique_ptr<std::byte[]> reserve_;
};

Status Creation::apply(const MakeFolder&) {
    folder_ = TRY(store_.create(plan_.id));
    lock_ = TRY(folder_->lock());
    return {};
}

// Everything is recorded before it is done, so that it can be undone if create is killed.
Status Creation::apply(const RecordIntent&) {
    record_ = make_record(file_, plan_);
    record_.pid_namespace = TRY(our_pid_namespace());
    record_.create_pid = ::getpid();
    const std::string description = describe(record_);
    record_.cgroup = TRY(foresee_cgroup(plan_.cgroup, description));
    record_.made_in_root = foresee_made(record_.rootfs);
    if (plan_.rdt_group) {
        resctrl_ = TRY(find_resctrl());
        record_.rdt = TRY(foresee_rdt_group(*plan_.rdt_group, resctrl_));
    }
    if (!plan_.namespaces.separate(CLONE_NEWNS))
        record_.host_mounts = TRY(foresee_host_mounts(supervisor_->proc(), record_.rootfs));
    cgroup_ = Cgroup(plan_.cgroup, description,
                     format("made from {} and recorded in {}", record_.bundle, store_.path()));
    launch_.log_of_root = log_of_root();
    launch_.on_hook_output = [this](const std::string& text) { folder_->log_hook(text); };
    TRY(folder_->write(record_));
    return folder_->write_config(file_.text);
}

Status Creation::apply(const MakeNotifyFolder&) {
    return folder_->make_notify_folder();
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

Status Creation::apply(const MakeRdtGroup& step) {
    made_rdt_ = TRY(make_rdt_group(step.group, resctrl_).in(describe(step.group)).at(step.origin));
    return {};
}

Status Creation::apply(const ListenAtGate&) {
    record_.cgroup = cgroup_.record();
    gate_ = TRY(listen_in(folder_->dir(), gate_name, SOCK_SEQPACKET, 0600));
    launch_.gate = gate_.get();
    return {};
}

Status Creation::apply(const RecordInit&) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(supervisor_->pid()));
    if (!stat) return end_of_conversation();
    record_.pid = supervisor_->pid();
    record_.start_time = stat->start_time;
    return folder_->write(record_);
}

Status Creation::apply(const LeaveUnit&) {
    return cgroup_.take_in(supervisor_->pid());
}

Status Creation::apply(const EnterRdtGroup& step) {
    return enter_rdt_group(step.group, resctrl_, supervisor_->pid()).at(step.origin);
}

Status Creation::apply(const RecordReady&) {
    const pid_t pid = supervisor_->pid();
    const std::optional<FileIdentity> waiting = TRY(executed_file(pid));
    if (!waiting) return end_of_conversation();
    if (pid != record_.pid) TRY(apply(RecordInit{}));
    record_.waiting_device = waiting->device;
    record_.waiting_inode = waiting->inode;
    record_.namespaces = TRY(record_namespaces(supervisor_->proc(), pid, plan_.namespaces));
    record_.ready = true;
    return folder_->write(record_);
}

// Each file is recorded before it is made. It has no identity in the record until something else is
// recorded: if create is killed meanwhile, a file of that name may be the one that was to be made.
MadeLog Creation::log_of_root() {
    if (!record_.made_in_root) return {};
    std::vector<MadeFile>& files = record_.made_in_root->files;
    return {.before =
                [this, &files](MadeKind kind, const std::string& path) {
                    files.push_back({kind, path, {}});
                    return folder_->write(record_);
                },
            .after = [this, &files](const std::optional<FileIdentity>& made) -> Status {
                if (files.empty()) return failf("nothing was about to be made");
                if (made) {
                    files.back().identity = *made;
                    return {};
                }
                files.pop_back();
                return folder_->write(record_);
            }};
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
    reserve_ = std::make_unique_for_overwrite<std::byte[]>(enough_to_undo);
    supervisor_.emplace(launch_);
    TRY(supervisor_->prepare());
    Status walked = walk_phases();
    if (!walked) return Failure(explain(supervisor_->explain(std::move(walked).error())));
    init_ = supervisor_->take();
    return interruptible.end();
}

Created Creation::take() {
    cgroup_.release();
    return {{std::move(*folder_), std::move(record_), ContainerStatus::created},
            std::move(*lock_),
            std::move(init_)};
}

// After a failed hook the container is destroyed with these (runtime.md#lifecycle).
void Creation::run_poststop_hooks() {
    for (const Phase& phase : plan_.phases) {
        if (phase.walker != Walker::remove) continue;
        for (const Step& step : phase.steps)
            if (const auto* hook = std::get_if<RunHook>(&step))
                run_poststop_hook(*hook, record_, warnings_);
    }
}

Error Creation::undo(Error error) {
    if (!folder_) return error;  // nothing was made; the ID may belong to another container
    reserve_.reset();
    const Fd proc = supervisor_->take_proc();
    supervisor_.reset();
    init_ = Process();
    record_.ready = false;  // it never was a container: all that was made in its root is removed
    // Descriptors are closed first, because there may have been too few of them.
    gate_.reset();
    cgroup_.end_joining();
    const bool failed_by_hook = error.kind() == ErrorKind::hook_failed;
    if (heed_interruption())
        error = check_interruption().error();
    else
        explain_oom(error, record_.cgroup);
    const auto note = [this](Status done) {
        if (!done) warnings_.push_back(std::move(done).error());
    };
    note(pid_file_.remove());
    const size_t told = warnings_.size();
    // createContainer hooks may have left processes behind. Not in a cgroup that was only foreseen:
    // if it was refused because it is in use, its processes belong to others.
    note(kill_all(cgroup_.record(), SIGKILL));
    note(remove_rdt_group(made_rdt_));
    if (record_.host_mounts) note(remove_host_mounts(proc.get(), *record_.host_mounts));
    std::ranges::move(clear_root(store_, record_, Undo::everything), std::back_inserter(warnings_));
    note(cgroup_.remove());
    // What could not be undone stays in the record, so that `delete --force` can try again.
    note(warnings_.size() == told ? store_.remove(*folder_) : folder_->write(record_));
    if (failed_by_hook) run_poststop_hooks();
    return error;
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
    return Failure(creation.undo(std::move(made).error()));
}

}  // namespace sampan
