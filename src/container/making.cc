#include "container/making.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "cgroup/kill.h"
#include "cgroup/oom_kills.h"
#include "container/clear_root.h"
#include "container/destroy.h"
#include "launch/sync.h"
#include "linux/namespace_record.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/mount_api.h"
#include "os/namespaces.h"
#include "os/path.h"
#include "os/process.h"

namespace sampan {

namespace {

// A file of the host is known to CRIU by its mount and inode.
std::string describe_stream(int fd) {
    const Result<struct stat> facts = stat_of(fd);
    if (!facts) return "";
    if (S_ISFIFO(facts->st_mode)) return read_link(cwd, fd_path(fd)).value_or("");
    if (!S_ISREG(facts->st_mode)) return "";
    const Result<PlaceIdentity> place = place_of_fd(fd);
    return place ? format("file[{:x}:{:x}]", place->mount, place->inode) : "";
}

// Now, because the container may lead its own elsewhere later.
std::vector<std::string> our_streams() {
    return {describe_stream(0), describe_stream(1), describe_stream(2)};
}

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
    if (!plan.process.terminal) record.streams = our_streams();
    record.own_pid_namespace = plan.namespaces.creates(CLONE_NEWPID);
    record.new_keyring = plan.new_keyring;
    record.has_seccomp_agent = plan.asks_agent();
    record.has_notify_folder = !plan.notify_folder.empty();
    record.has_poststart_hooks = !plan.hooks.poststart.empty();
    record.has_poststop_hooks = !plan.hooks.poststop.empty();
    return record;
}

}  // namespace

// Nothing is written to it, so that it costs no page.
void Making::set_memory_aside() {
    constexpr size_t enough_to_undo = 96 << 10;
    reserve_ = std::make_unique_for_overwrite<std::byte[]>(enough_to_undo);
}

Status Making::apply(const MakeFolder&) {
    folder_ = TRY(store_.create(plan_.id));
    lock_ = TRY(folder_->lock());
    return {};
}

Status Making::apply(const MakeNotifyFolder&) {
    return folder_->make_notify_folder();
}

Status Making::apply(const MakeRdtGroup& step) {
    made_rdt_ = TRY(make_rdt_group(step.group, resctrl_).in(describe(step.group)).at(step.origin));
    return {};
}

Status Making::enter_group(const EnterRdtGroup& step, pid_t pid) const {
    return enter_rdt_group(step.group, resctrl_, pid).at(step.origin);
}

Status Making::record_intent(int proc) {
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
        record_.host_mounts = TRY(foresee_host_mounts(proc, record_.rootfs));
    cgroup_ = Cgroup(plan_.cgroup, description,
                     format("made from {} and recorded in {}", record_.bundle, store_.path()));
    TRY(folder_->write(record_));
    return folder_->write_config(file_.text);
}

// A file has no identity in the record until something else is recorded: if we are killed
// meanwhile, a file of that name may be the one that was to be made.
MadeLog Making::log_of_root() {
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

Status Making::record_init(pid_t pid) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(pid));
    if (!stat) return end_of_conversation();
    record_.pid = pid;
    record_.start_time = stat->start_time;
    return folder_->write(record_);
}

Status Making::record_ready(pid_t pid, int proc) {
    if (pid != record_.pid) TRY(record_init(pid));
    record_.namespaces = TRY(record_namespaces(proc, pid, plan_.namespaces));
    record_.ready = true;
    return folder_->write(record_);
}

// After a failed hook the container is destroyed with these (runtime.md#lifecycle). What fails
// after hooks that succeeded is followed by them too, as with runc: those may have made a network.
void Making::run_poststop_hooks() {
    for (const Phase& phase : plan_.phases) {
        if (phase.walker != Walker::remove) continue;
        for (const Step& step : phase.steps)
            if (const auto* hook = std::get_if<RunHook>(&step))
                run_poststop_hook(*hook, record_, warnings_);
    }
}

Error Making::undo(Error error, int proc) {
    reserve_.reset();
    record_.ready = false;  // it never was a container: all that was made in its root is removed
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
    if (record_.host_mounts) note(remove_host_mounts(proc, *record_.host_mounts));
    std::ranges::move(clear_root(store_, record_, Undo::everything), std::back_inserter(warnings_));
    note(cgroup_.remove());
    // What could not be undone stays in the record, so that `delete --force` can try again.
    note(warnings_.size() == told ? store_.remove(*folder_) : folder_->write(record_));
    if (failed_by_hook || hooks_began_) run_poststop_hooks();
    return error;
}

Container Making::hand_over(ContainerStatus status) {
    cgroup_.release();
    return {std::move(*folder_), std::move(record_), status};
}

}  // namespace sampan
