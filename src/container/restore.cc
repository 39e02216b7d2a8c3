#include "container/restore.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "container/destroy.h"
#include "container/making.h"
#include "launch/hooks.h"
#include "launch/terminal.h"
#include "linux/namespaces.h"
#include "mounts/notify_mount.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/out_of_memory.h"
#include "os/path.h"
#include "os/procfs.h"
#include "plan/phases.h"

namespace sampan {

namespace {

constexpr const char* root_place = "criu-root";

// One restore, with what must be undone if it fails. It walks the phases of restore.
class Restoration : public Making {
  public:
    Restoration(const Store& store,
                const SpecFile& file,
                const Plan& plan,
                RestoreOptions options,
                Warnings& warnings)
        : Making(store, file, plan, warnings), options_(std::move(options)) {}

    Status run();
    Restored take();
    Error give_up(Error error);

    using Making::apply;
    Status apply(const RecordIntent&) { return record_intent(proc_.get()); }
    Status apply(const LeaveUnit&) { return cgroup_.take_in(criu_->pid()); }
    Status apply(const EnterRdtGroup& step) { return enter_group(step, criu_->pid()); }
    Status apply(const RecordInit&) { return record_init(pid_); }
    Status apply(const RunHook& step);
    Status apply(const RecordReady&) { return record_ready(pid_, proc_.get()); }
    Status apply(const WritePidFile& step) { return pid_file_.write(step, pid_); }

  private:
    Status prepare();
    Status make_places();
    Status make_place(int root, const MountPlace& place, const MadeLog& log);
    Status open_namespaces();
    Status start();
    Result<CriuOptions> plan_restore();
    Status restore(const CriuOptions& options);
    Status heed(CriuNotification notification);

    RestoreOptions options_;
    RestorePhases phases_;
    Fd proc_;
    CriuFolders folders_;
    std::vector<Fd> namespaces_;
    std::optional<Criu> criu_;
    pid_t pid_ = 0;  // of the restored first process
    Process init_;
};

Status Restoration::apply(const RunHook& step) {
    hooks_began_ = true;
    const std::string state = hook_state({record_.id, record_.bundle, record_.annotations},
                                         ContainerStatus::creating, pid_);
    const HookLog log = [this](const std::string& text) { folder_->log_hook(text); };
    const HookFiles files = TRY(open_hook_files(record_.annotations));
    return run_hook(step, {state, record_.bundle, log, -1, &files});
}

Status Restoration::prepare() {
    TRY(check_can_be_restored(plan_));
    proc_ = TRY(open_proc());
    folders_ = TRY(open_folders(options_.job, CriuWork::restore));
    TRY(open_namespaces());
    phases_ = restore_phases(plan_, options_.pid_file);
    options_.job.options.config_file = find_criu_config(plan_.annotations);
    return {};
}

Status Restoration::open_namespaces() {
    for (const JoinNamespace* join : inherited_namespaces(plan_))
        namespaces_.push_back(TRY(open_namespace(*join).at(join->origin)));
    return {};
}

Status Restoration::make_place(int root, const MountPlace& place, const MadeLog& log) {
    const bool in_root = place.base.empty();
    const Fd base = in_root ? Fd() : TRY(open_at(cwd, place.base, O_PATH));
    if (!in_root && !S_ISDIR(TRY(stat_of(base.get())).st_mode)) return {};
    const Tree tree{.top = in_root ? root : base.get(), .log = in_root ? &log : nullptr};
    const auto source = TRY(stat_at(cwd, place.source));
    const bool is_file = !place.source.empty() && source && !S_ISDIR(source->st_mode);
    TRY(is_file ? make_file_in(tree, place.path) : make_directories_in(tree, place.path));
    return {};
}

// A root file system that was made for this restore lacks what create would have made in it.
Status Restoration::make_places() {
    const Fd root = TRY(open_at(cwd, record_.rootfs, O_PATH | O_DIRECTORY).at("/root/path"));
    const MadeLog log = log_of_root();
    for (const MountPlace& place : mount_places(plan_))
        TRY(make_place(root.get(), place, log).in(format("a place to mount on, {}", place.path)));
    TRY(make_directory(folder_->dir(), root_place, 0700));
    return {};
}

Status Restoration::start() {
    CriuSurroundings around{.cgroup = &cgroup_.join(),
                            .root = record_.rootfs,
                            .has_streams = true,
                            .stays_in_group = options_.job.options.shell_job};
    around.root_place =
        TRY(absolute_path(format("{}/{}/{}", store_.path(), record_.id, root_place)));
    for (const Fd& fd : namespaces_)
        around.inherited.push_back(fd.get());
    criu_ = TRY(start_criu(options_.job, std::move(around)));
    return walk(phases_.begun, *this);
}

Result<CriuOptions> Restoration::plan_restore() {
    const Fd root = TRY(open_at(cwd, record_.rootfs, O_PATH | O_DIRECTORY));
    std::vector<OutsideMount> outside =
        outside_mounts(plan_, record_.cgroup, TRY(read_mountinfo(proc_.get())));
    const std::string here = TRY(absolute_path(format("{}/{}", store_.path(), record_.id)));
    outside.push_back({notify_destination, format("{}/{}", here, notify_folder_name)});
    const std::string text =
        TRY(read_file(folders_.images.get(), streams_name).in("the images (--image-path)"));
    const std::string cgroups = TRY(read_file(proc_.get(), format("{}/cgroup", criu_->pid())));
    const RestoreFacts facts{.outside = outside,
                             .real = find_real_paths(root.get(), outside),
                             .streams = TRY(parse_streams(text, streams_name)),
                             .first_inherited_fd = first_inherited_fd(options_.job),
                             .cgroups = cgroups};
    CriuOptions options =
        complete_for_restore(options_in(options_.job, CriuWork::restore), plan_, facts);
    options.root = format("{}/{}", here, root_place);
    if (record_.cgroup.places.empty()) options.cgroups = CriuCgroups::ignore;
    return options;
}

Status Restoration::heed(CriuNotification notification) {
    tell_status(options_.job, notification.name);
    if (notification.pid > 0) pid_ = notification.pid;
    if (notification.name == "setup-namespaces") return walk(phases_.hooks, *this);
    if (notification.name != "orphan-pts-master" || !notification.fd.valid()) return {};
    TRY(check_is_terminal(notification.fd.get()));
    // Of several, the first is the container's; CRIU does not tell them apart.
    if (!options_.on_console) return {};
    return std::exchange(options_.on_console, nullptr)(std::move(notification.fd));
}

Status Restoration::restore(const CriuOptions& options) {
    bool failed_here = false;  // then CRIU's log says nothing else
    Result<CriuResponse> done =
        criu_->work(CriuTask::restore, options, [&](CriuNotification notification) {
            Status heeded = heed(std::move(notification));
            failed_here = failed_here || !heeded;
            return heeded;
        });
    criu_.reset();
    if (!done && failed_here) return Failure(std::move(done).error());
    if (!done) return Failure(explain_by_log(std::move(done).error(), folders_));
    pid_ = done->restored_pid;
    init_ = TRY(adopt_child(pid_));
    // If it stays, it is removed with the container's folder.
    Status removed = remove_directory(folder_->dir(), root_place);
    if (!removed) warnings_.push_back(std::move(removed).error());
    return {};
}

Status Restoration::run() {
    Interruptible interruptible;
    set_memory_aside();
    TRY(prepare());
    TRY(walk(phases_.before, *this));
    record_.cgroup = cgroup_.record();
    TRY(folder_->write(record_));
    TRY(make_places());
    TRY(start());
    TRY(restore(TRY(plan_restore())));
    TRY(walk(phases_.after, *this));
    return interruptible.end();
}

Restored Restoration::take() {
    Container container = hand_over(ContainerStatus::running);
    return {std::move(container), std::move(init_)};
}

Error Restoration::give_up(Error error) {
    if (!has_made()) return error;
    criu_.reset();
    // Whatever CRIU has left of the processes, if it was killed.
    (void)end_init(record_);
    init_ = Process();
    cgroup_.end_joining();
    return undo(std::move(error), proc_.get());
}

}  // namespace

Result<Restored> restore_container(const Store& store,
                                   const SpecFile& file,
                                   const Plan& plan,
                                   RestoreOptions options,
                                   Warnings& warnings) {
    Restoration restoration(store, file, plan, std::move(options), warnings);
    Status made = or_out_of_memory([&] { return restoration.run(); });
    // A signal at the very end has killed it.
    if (made) made = check_interruption();
    if (made) return restoration.take();
    return Failure(restoration.give_up(std::move(made).error()));
}

}  // namespace sampan
