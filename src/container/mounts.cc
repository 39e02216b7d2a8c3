#include "container/mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "container/container.h"
#include "host/host.h"
#include "linux/credentials.h"
#include "linux/namespace_record.h"
#include "mounts/later_mounts.h"
#include "mounts/rootfs.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/procfs.h"
#include "spec/mounts_file.h"

namespace sampan {

namespace {

// The container, as a process of ours enters it: like `exec`, but in our own pid namespace, so that
// nothing inside sees that process.
class Inside {
  public:
    static Result<Inside> of(const Record& record, const Spec& spec);

    // In our process; for binds that are taken from the host as it is.
    Status open(const OpenSource& source);
    [[nodiscard]] const std::vector<Fd>& sources() const { return context_.sources; }
    // In a process that has entered the container, with its root and our sources in `context`.
    Status work(std::string_view what, const std::function<Status(Context& context)>& inside);

  private:
    Inside() = default;
    [[nodiscard]] Status enter(Context& context) const;
    [[nodiscard]] Result<Fd> open_with(const OpenSource& source, Context& context) const;
    [[nodiscard]] Result<Fd> make_view() const;

    Fd init_;
    NamespacesToJoin joins_;
    Fd view_;  // a mount namespace, made when it is first needed
    Context context_;
};

Result<Inside> Inside::of(const Record& record, const Spec& spec) {
    Inside inside;
    inside.init_ = TRY(open_init(record));
    inside.context_.proc = TRY(open_proc());
    std::vector<NamespaceRecord> namespaces = record.namespaces;
    // The record of an earlier sampan has none.
    if (namespaces.empty()) namespaces = namespaces_of(plan_namespaces(spec));
    inside.joins_ = TRY(namespaces_to_join(inside.context_.proc.get(), record.pid, namespaces));
    if ((inside.joins_.types & CLONE_NEWNS) == 0)
        return fail(
            "the container is in our own mount namespace: what is mounted there stays on "
            "the host");
    return inside;
}

Status Inside::enter(Context& context) const {
    TRY(set_dumpable(false));
    TRY(join_namespaces_of(init_.get(), joins_).in("entering the container"));
    if (joins_.user.valid())
        TRY(become_namespace_root(TRY(read_setgroups(context.proc.get(), Credentials{}))));
    TRY(set_dumpable(false));
    ::umask(022);  // for folders that must be made
    context.root = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    return {};
}

// A copy of our mount namespace for the container's user namespace: the kernel locks the flags of
// its mounts.
Result<Fd> Inside::make_view() const {
    return open_beside("copies the mount namespace", [this]() -> Result<Fd> {
        TRY(set_dumpable(false));
        TRY(join_namespace(joins_.user.get(), CLONE_NEWUSER));
        TRY(leave_namespaces(CLONE_NEWNS).in("making a mount namespace"));
        return open_at(context_.proc.get(), "self/ns/mnt", O_RDONLY);
    });
}

// In a process beside. A new file system belongs to the namespaces of the container; a bind is
// copied with our own rights over files.
Result<Fd> Inside::open_with(const OpenSource& source, Context& context) const {
    if (source.filesystem) {
        TRY(enter(context));
    } else {
        if (::geteuid() != 0) TRY(join_namespace(joins_.user.get(), CLONE_NEWUSER));
        TRY(join_namespace(view_.get(), CLONE_NEWNS));
    }
    TRY(apply(source, context));
    return std::move(context.sources[source.slot]);
}

Status Inside::open(const OpenSource& source) {
    if (source.view == SourceView::host || !joins_.user.valid()) return apply(source, context_);
    if (!source.filesystem && !view_.valid()) view_ = TRY(make_view());
    Fd opened = TRY(open_beside("opens the source of a mount",
                                [&]() -> Result<Fd> { return open_with(source, context_); }));
    if (context_.sources.size() <= source.slot) context_.sources.resize(source.slot + 1);
    context_.sources[source.slot] = std::move(opened);
    return {};
}

Status Inside::work(std::string_view what, const std::function<Status(Context& context)>& inside) {
    return run_beside(what, [&]() -> Status {
        TRY(enter(context_));
        return inside(context_);
    });
}

Status attach_or_undo(const LaterMounts& plan, Inside& inside, bool& undone) {
    constexpr std::string_view attaches = "mounts in the container";
    Status done =
        inside.work(attaches, [&plan](Context& context) { return add_later(plan, context); });
    if (done) done = check_interruption();
    if (done) return done;
    // It may have been killed in between.
    (void)heed_interruption();
    const Status removed = inside.work(attaches, [](Context& context) {
        remove_attached(context);
        return Status();
    });
    undone = static_cast<bool>(removed);
    return done;
}

// They are recorded before they are attached, so that they can be removed if we are killed.
Status make_and_attach(const LaterMounts& plan, Inside& inside, const Folder& folder) {
    for (const OpenSource& source : plan.sources)
        TRY(inside.open(source).in(describe(source)).at(source.origin));
    const Lock lock = TRY(folder.lock_added_mounts());
    const AddedMounts before = TRY(folder.read_added_mounts());
    AddedMounts after = before;
    for (AddedMount& added : TRY(foresee_added(plan, inside.sources())))
        after.mounts.push_back(std::move(added));
    TRY(folder.write(after));
    bool undone = false;
    Status done = attach_or_undo(plan, inside, undone);
    if (undone) (void)folder.write(before);
    return done;
}

// The container's config.json, as if the mounts were those of create.
Result<Spec> spec_with(const Folder& folder, const std::vector<spec::Mount>& mounts) {
    Spec spec = TRY(read_kept_config(folder));
    spec.mounts = mounts;
    TRY(check_mounts_alone(spec));
    return spec;
}

Status add(const Container& container, const std::vector<spec::Mount>& mounts, Warnings& warnings) {
    const Spec spec = TRY(spec_with(container.folder, mounts));
    LaterMounts plan = TRY(plan_later_mounts(spec, TRY(read_host()), container.record.bundle));
    if (!plan.warnings.empty())
        warnings.push_back(Error("what is asked for").set_problems("", plan.warnings));
    Inside inside = TRY(Inside::of(container.record, spec));
    return make_and_attach(plan, inside, container.folder);
}

Status remove(const Container& container, const std::vector<spec::Mount>& mounts) {
    std::vector<std::string> destinations;
    destinations.reserve(mounts.size());
    for (const spec::Mount& mount : mounts)
        destinations.push_back(mount.destination);
    const Lock lock = TRY(container.folder.lock_added_mounts());
    AddedMounts added = TRY(container.folder.read_added_mounts());
    const std::vector<ChosenMount> chosen = TRY(choose_added(added, destinations));
    const Spec spec = TRY(read_kept_config(container.folder));
    Inside inside = TRY(Inside::of(container.record, spec));
    TRY(inside.work("unmounts in the container",
                    [&chosen](Context& context) { return unmount_added(chosen, context); }));
    for (const ChosenMount& one : chosen)  // the newest first
        added.mounts.erase(added.mounts.begin() + static_cast<ptrdiff_t>(one.number));
    return container.folder.write(added);
}

// With a lock that exec holds too, so that nobody deletes or pauses it meanwhile.
Status in_container(const Store& store,
                    const std::string& name,
                    const std::function<Status(const Container&)>& work) {
    Interruptible interruptible;
    Status done = [&]() -> Status {
        const Folder folder = TRY(find_folder(store, name));
        const Lock lock = TRY(folder.lock_shared());
        const Container container = TRY(find_locked(store, folder));
        TRY(allow(Operation::mount, container.status, container.record.id));
        return work(container);
    }();
    if (done) return interruptible.end();
    return heed_interruption() ? check_interruption() : done;
}

}  // namespace

Status add_mounts(const Store& store,
                  const std::string& name,
                  const std::vector<spec::Mount>& mounts,
                  Warnings& warnings) {
    return in_container(
        store, name, [&](const Container& container) { return add(container, mounts, warnings); });
}

Status remove_mounts(const Store& store,
                     const std::string& name,
                     const std::vector<spec::Mount>& mounts) {
    return in_container(store, name,
                        [&](const Container& container) { return remove(container, mounts); });
}

// Whatever cannot be found counts as there.
Status check_no_added_mounts(const Container& container) {
    const AddedMounts added = TRY(container.folder.read_added_mounts());
    if (added.mounts.empty()) return {};
    const Fd proc = TRY(open_proc());
    const std::string pid = format("{}", container.record.pid);
    const std::vector<MountedPlace> mounts = TRY(read_mountinfo(proc.get(), pid));
    const Fd root = TRY(open_at(proc.get(), pid + "/root", O_PATH | O_DIRECTORY));
    for (const AddedMount& mount : added.mounts) {
        const Result<std::optional<Fd>> found = find_added(mount, root.get(), mounts);
        if (!found || *found)
            return failf(
                       "`mounts add` has mounted something on {}, which is not in config.json, so "
                       "that no restore would have it",
                       mount.destination)
                .hint(format("take it away before: sampan mounts remove {}", container.record.id));
    }
    return {};
}

}  // namespace sampan
