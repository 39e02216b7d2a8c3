#include "container/destroy.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <iterator>

#include "base/text.h"
#include "cgroup/freeze.h"
#include "cgroup/kill.h"
#include "cgroup/remove.h"
#include "container/clear_root.h"
#include "container/salvage.h"
#include "launch/host_mounts.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/process.h"
#include "os/procfs.h"
#include "plan/phases.h"
#include "spec/fields.h"

namespace sampan {

namespace {

constexpr int patience_ms = 10000;

Result<bool> is_same_process(const Record& record) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(record.pid));
    return stat && stat->started_at(record.start_time);
}

// A record that cannot be read must not keep its folder forever.
Result<Warnings> remove_unreadable(const Store& store, Folder folder, Error why) {
    Record record = salvage_record(folder);
    Warnings warnings =
        TRY(destroy(store, {std::move(folder), std::move(record), ContainerStatus::stopped}));
    warnings.push_back(
        std::move(why.add_context("what else than init and its cgroup the container had may be "
                                  "left")));
    return warnings;
}

// The process that holds the folder's lock exclusively, according to the kernel: perhaps a create
// that has not written a record yet. Nothing if we cannot see it from here.
Result<std::optional<pid_t>> holder_of_lock(const Folder& folder) {
    const struct stat facts = TRY(stat_of(folder.dir()));
    const std::string file =
        format("{:02x}:{:02x}:{}", major(facts.st_dev), minor(facts.st_dev), facts.st_ino);
    const std::string locks = TRY(read_file(cwd, "/proc/locks"));
    for (const std::string_view line : split(locks, '\n')) {
        // "7: FLOCK  ADVISORY  WRITE 4242 00:1c:99 0 EOF" (proc_locks(5)); a process that waits has
        // an arrow.
        const std::vector<std::string_view> words = split_words(line);
        if (words.size() < 6 || words[1] != "FLOCK" || words[3] != "WRITE") continue;
        if (words[5] != file) continue;
        const std::optional<pid_t> pid = parse_number<pid_t>(words[4]);
        return pid && *pid > 0 ? pid : std::nullopt;
    }
    return std::nullopt;
}

// A create that is under way gives the lock up when its init has ended, and undoes what it has
// made. But it may be stopped, or wait for something that never comes.
Status end_creator(const Folder& folder) {
    const std::optional<pid_t> pid = TRY(holder_of_lock(folder));
    if (!pid) return {};
    const std::optional<Fd> pidfd = TRY(find_pidfd(*pid));
    if (!pidfd) return {};
    // Checked again: from now on the descriptor cannot become that of another process.
    if (TRY(holder_of_lock(folder)) != pid) return {};
    const std::optional<ProcessStat> stat = TRY(read_process_stat(*pid));
    const bool stopped = stat && (stat->state == 'T' || stat->state == 't');
    if (!stopped && TRY(wait_for_end(pidfd->get(), patience_ms))) return {};
    Status sent = send_signal(pidfd->get(), SIGKILL);
    if (!sent && sent.error().code() != ESRCH) return sent;
    TRY(wait_for_end(pidfd->get(), patience_ms));
    return {};
}

// An exec that is under way holds the lock too. The process that it brings in is in the cgroup but
// outside of the pid namespace, so it does not end with init. A container that is not ready may
// have a cgroup in its record that belongs to others.
Result<Lock> lock_by_force(const Folder& folder) {
    if (std::optional<Lock> lock = TRY(folder.try_lock())) return std::move(*lock);
    const Result<std::optional<Record>> record = folder.read();
    if (record && *record && (*record)->ready)
        TRY(kill_all((*record)->cgroup, SIGKILL));
    else
        TRY(end_creator(folder));
    return folder.lock();
}

Result<Warnings> force_delete(const Store& store, const std::string& name) {
    const Folder folder = TRY(find_folder(store, name));
    // A create or start that is under way holds the lock. Without its init it fails, and gives the
    // lock up.
    if (const Result<std::optional<Record>> record = folder.read(); record && *record)
        TRY(end_init(**record));
    const Lock lock = TRY(lock_by_force(folder));
    return destroy_remains(store, folder);
}

// If a cgroup of ours can be removed, it has no process: nothing must be frozen and killed first.
Status end_cgroup(const Record& record) {
    CgroupRecord cgroup = record.cgroup;
    const auto made = [](const CgroupPlace& place) { return place.made > 0; };
    // A create that was killed before it had a process had only foreseen its cgroups: one that
    // existed before may be in use, and would have been refused.
    if (record.pid <= 0) std::erase_if(cgroup.places, std::not_fn(made));
    if (std::ranges::all_of(cgroup.places, made)) {
        Status removed = remove_cgroup(cgroup, 0);
        if (removed || removed.error().code() != EBUSY) return removed;
    }
    TRY(kill_all(cgroup, SIGKILL));
    return remove_cgroup(cgroup);
}

// Mounts in a namespace that we may not enter must not keep the container forever.
Status end_mounts(const HostMountsRecord& mounts, Warnings& warnings) {
    const Fd proc = TRY(open_proc());
    Status undone = undo_host_mounts(proc.get(), mounts);
    if (undone || TRY(are_in_our_namespace(proc.get(), mounts))) return undone;
    warnings.push_back(std::move(undone.error().add_context(
        format("what was mounted at {} in another mount namespace, where the container was "
               "created, may be left",
               mounts.root))));
    return {};
}

// Walks the phase of delete.
class Destruction {
  public:
    Destruction(const Store& store, const Container& container)
        : store_(store), container_(container), record_(container.record) {}

    Result<Warnings> run();

    Status apply(const EndInit&) { return end_init(record_); }
    Status apply(const RemoveCgroup&) { return end_cgroup(record_); }
    Status apply(const RemoveRdtGroup&) { return remove_rdt_group(*record_.rdt); }
    Status apply(const UndoMounts&) { return end_mounts(*record_.host_mounts, warnings_); }
    Status apply(const ClearRoot& step);
    Status apply(const RemoveFolder&) { return store_.remove(container_.folder); }
    Status apply(const RunHook& step);

  private:
    const Store& store_;
    const Container& container_;
    const Record& record_;
    Warnings warnings_;
    std::optional<Interruptible> interruptible_;
};

Status Destruction::apply(const ClearRoot&) {
    Record undone = record_;
    std::ranges::move(clear_root(store_, undone, record_.ready ? Undo::nodes : Undo::everything),
                      std::back_inserter(warnings_));
    return {};
}

Status Destruction::apply(const RunHook& step) {
    // Everything is done except for the hooks: a signal ends them, and our waiting.
    if (!interruptible_) interruptible_.emplace();
    run_poststop_hook(step, record_, warnings_);
    return {};
}

Result<Warnings> Destruction::run() {
    DeleteParts parts{.has_rdt_group = record_.rdt.has_value(),
                      .undoes_mounts = record_.host_mounts.has_value(),
                      .poststop = {}};
    if (record_.has_poststop_hooks) {
        Result<spec::Hooks> hooks = read_hooks(container_.folder);
        if (hooks)
            parts.poststop = std::move(hooks->poststop);
        else
            warnings_.push_back(std::move(hooks).error());
    }
    TRY(walk(delete_phase(parts), *this));
    if (!interruptible_) return std::move(warnings_);
    Status ended = interruptible_->end();
    if (!ended) warnings_.push_back(std::move(ended).error());
    return std::move(warnings_);
}

}  // namespace

void run_poststop_hook(const RunHook& step, const Record& record, Warnings& warnings) {
    const std::string state = hook_state(identity_of(record), ContainerStatus::stopped, 0);
    Result<HookFiles> files = open_hook_files(record.annotations);
    // What the hook has to undo counts more than what it prints.
    const HookFiles* named = files ? &*files : nullptr;
    if (!files) warnings.push_back(std::move(files).error());
    Status ran = run_hook(step, {state, record.bundle, nullptr, -1, named});
    if (!ran) warnings.push_back(std::move(ran).error());
}

Status end_init(const Record& record) {
    if (record.pid <= 0) return {};
    if (!TRY(is_in_our_pid_namespace(record))) {
        // The pid means nothing here. Its processes end with its cgroup; if they do not, they are
        // in the way there.
        if (!record.cgroup.places.empty()) return {};
        return failf(
            "the container was created in another pid namespace, and has no cgroup: only from "
            "there its process {} can be ended",
            record.pid);
    }
    const std::optional<Fd> pidfd = TRY(find_pidfd(record.pid));
    if (!pidfd) return {};
    // Compared after the descriptor was opened: from then on it cannot become that of another
    // process.
    if (!TRY(is_same_process(record))) return {};
    Status sent = send_signal(pidfd->get(), SIGKILL);
    if (!sent && sent.error().code() != ESRCH) return sent;
    // On v1 a frozen process must be thawed, even for SIGKILL.
    if (TRY(is_frozen(record.cgroup))) TRY(kill_all(record.cgroup, SIGKILL));
    if (!TRY(wait_for_end(pidfd->get(), patience_ms)))
        return failf(ErrorKind::timed_out, "process {} does not end within {} s of SIGKILL",
                     record.pid, patience_ms / 1000);
    (void)reap(record.pid);  // if it is our child, as for `run`
    return {};
}

Result<Warnings> destroy(const Store& store, const Container& container) {
    return Destruction(store, container).run();
}

Result<Warnings> destroy_remains(const Store& store, const Folder& locked) {
    Folder folder = TRY(find_again(store, locked));
    Result<std::optional<Record>> record = folder.read();
    if (!record) return remove_unreadable(store, std::move(folder), std::move(record).error());
    // A create writes its record before it keeps the config.json; somebody has removed the record.
    if (!*record && folder.read_config())
        return remove_unreadable(store, std::move(folder),
                                 Error(format("{} is missing", record_name)));
    // Only the record is used: the status does not matter, and we may not be able to see it.
    Record known = (*record).value_or(Record());
    known.id = folder.id();
    return destroy(store, {std::move(folder), std::move(known), ContainerStatus::stopped});
}

Result<Warnings> delete_container(const Store& store, const std::string& name, Force force) {
    if (force == Force::yes) return force_delete(store, name);
    const LockedContainer locked = TRY(lock_for(Operation::remove, store, name));
    return destroy(store, locked.container);
}

Result<Warnings> delete_stopped(const Store& store, const Container& found) {
    const LockedContainer locked = TRY(lock_for(Operation::remove_stopped, store, found));
    return destroy(store, locked.container);
}

}  // namespace sampan
