#include "container/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

#include "base/text.h"
#include "cgroup/freeze.h"
#include "container/container.h"
#include "container/destroy.h"
#include "container/mounts.h"
#include "host/host.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/process.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// A created container has waited for its start with the notify folder in the store.
Result<Plan> plan_again(const Store& store, const Container& container, const Spec& spec) {
    const Record& record = container.record;
    Request request{.id = record.id, .bundle = record.bundle};
    if (record.has_notify_folder)
        request.notify_folder =
            TRY(absolute_path(format("{}/{}/{}", store.path(), record.id, notify_folder_name)));
    return make_plan(spec, TRY(read_host()), request);
}

Status check_parent(const CheckpointOptions& options, const CriuFolders& folders) {
    if (options.parent_path.empty()) return {};
    if (options.parent_path.starts_with('/'))
        return fail(ErrorKind::usage, "--parent-path must be relative")
            .hint("it starts at the folder of --image-path: ../before");
    const auto parent = open_at(folders.images.get(), options.parent_path, O_PATH | O_DIRECTORY);
    if (!parent) return Status(Failure(parent.error())).in("invalid --parent-path");
    return {};
}

Status check_status_fd(int fd) {
    if (fd < 0) return {};
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0) return fail_errno("invalid --status-fd argument {}", fd);
    if ((flags & O_ACCMODE) == O_RDONLY)
        return failf(ErrorKind::usage, "invalid --status-fd argument {}: not writable", fd);
    return {};
}

class Checkpoint {
  public:
    Checkpoint(const Store& store, const Container& container, CheckpointOptions options)
        : store_(store), container_(container), options_(std::move(options)) {}

    Status run();

  private:
    Status prepare();
    Result<CriuOptions> plan_dump() const;
    Status dump();
    Result<CriuResponse> dump_with(Criu criu, const CriuOptions& options);
    void thaw_again();

    const Store& store_;
    const Container& container_;
    CheckpointOptions options_;
    CriuFolders folders_;
};

Status Checkpoint::prepare() {
    TRY(check_status_fd(options_.job.status_fd));
    folders_ = TRY(open_folders(options_.job, CriuWork::dump));
    TRY(check_parent(options_, folders_));
    CriuOptions& options = options_.job.options;
    options.parent_images = options_.parent_path;
    options.track_memory = options_.pre_dump || !options_.parent_path.empty();
    options.config_file = find_criu_config(container_.record.annotations);
    return {};
}

Result<CriuOptions> Checkpoint::plan_dump() const {
    const Record& record = container_.record;
    TRY(check_no_added_mounts(container_));
    const Spec spec = TRY(read_kept_config(container_.folder));
    const Plan plan = TRY(plan_again(store_, container_, spec));
    TRY(check_can_be_restored(plan));
    const Fd proc = TRY(open_proc());
    const std::vector<OutsideMount> outside =
        outside_mounts(plan, record.cgroup, TRY(read_mountinfo(proc.get())));
    const std::vector<ObservedMount> observed =
        parse_observed_mounts(TRY(read_file(proc.get(), format("{}/mountinfo", record.pid))));
    const Fd root = TRY(open_at(proc.get(), format("{}/root", record.pid), O_PATH | O_DIRECTORY));
    std::vector<OutsideMount> elsewhere;
    for (const OutsideMount& mount : outside)
        if (find_observed(observed, mount.destination) == nullptr) elsewhere.push_back(mount);
    return complete_for_dump(options_in(options_.job, CriuWork::dump), plan, record, outside,
                             observed, find_real_paths(root.get(), elsewhere));
}

// CRIU has ended afterwards, in any case.
Result<CriuResponse> Checkpoint::dump_with(Criu criu, const CriuOptions& options) {
    const CriuTask task = options_.pre_dump ? CriuTask::pre_dump : CriuTask::dump;
    return criu.work(task, options, [this](const CriuNotification& notification) -> Status {
        tell_status(options_.job, notification.name);
        return {};
    });
}

// CRIU does so itself, unless it was killed.
void Checkpoint::thaw_again() {
    if (container_.status == ContainerStatus::paused) return;
    const Result<bool> frozen = is_frozen(container_.record.cgroup);
    if (!frozen || *frozen) (void)thaw(container_.record.cgroup);
}

Status Checkpoint::dump() {
    const CriuOptions options = TRY(plan_dump());
    if (!options_.pre_dump)
        TRY(replace_file(folders_.images.get(), streams_name,
                         write_streams(container_.record.streams) + "\n", 0600));
    Result<CriuResponse> done = dump_with(TRY(start_criu(options_.job, {})), options);
    if (done) return {};
    thaw_again();
    return Failure(explain_by_log(std::move(done).error(), folders_));
}

Status Checkpoint::run() {
    Interruptible interruptible;
    TRY(prepare());
    Status dumped = dump();
    if (!dumped) {
        // CRIU has undone what it had begun; the signal is why.
        TRY(check_interruption());
        return dumped;
    }
    // A signal that came too late for CRIU must not keep us from removing what has ended.
    (void)heed_interruption();
    return interruptible.end();
}

}  // namespace

Status checkpoint_container(const Store& store,
                            const std::string& name,
                            CheckpointOptions options,
                            Warnings& warnings) {
    const LockedContainer locked = TRY(lock_for(Operation::checkpoint, store, name));
    const bool stays = options.pre_dump || options.job.options.leave_running;
    TRY(Checkpoint(store, locked.container, std::move(options)).run());
    if (!stays)
        for (Error& warning : TRY(destroy(store, locked.container)))
            warnings.push_back(std::move(warning));
    return check_interruption().in("the checkpoint is complete");
}

}  // namespace sampan
