#include "mounts/bind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "mounts/idmapped.h"
#include "mounts/missing_path.h"
#include "os/file.h"
#include "os/path.h"
#include "os/procfs.h"

namespace sampan {

namespace {

Result<Fd> copy_source(const std::string& source, Binding bind, SourceLink link) {
    const unsigned flags = (bind == Binding::whole_tree ? AT_RECURSIVE : 0U) |
                           (link != SourceLink::follow ? AT_SYMLINK_NOFOLLOW : 0U);
    Result<Fd> tree = clone_tree(cwd, source, flags);
    if (!tree) explain_missing_source(tree.error(), source);
    if (!tree && tree.error().code() == EINVAL)
        tree.error().set_hint(
            "its mount is unbindable, or covers something that only \"rbind\" may take along");
    return tree;
}

// Copies a file system of the host in place of a new one. If there is none, the error must not
// speak of a bind, because config.json asks for a new file system.
Result<Fd> copy_stand_in(const std::string& source, std::string_view type) {
    constexpr long sysfs_magic = 0x62656572;
    constexpr long mqueue_magic = 0x19800202;
    const bool is_sysfs = type == "sysfs";
    const auto refuse = [&](std::string_view why) {
        return failf(
                   "a user namespace may not mount {} without {} namespace of its own, and "
                   "{} of the host {}",
                   type, is_sysfs ? "a network" : "an ipc", source, why)
            .hint(format("add {{\"type\": \"{}\"}} to /linux/namespaces",
                         is_sysfs ? "network" : "ipc"));
    };
    Result<Fd> tree = copy_source(source, Binding::whole_tree, SourceLink::follow);
    if (!tree && tree.error().code() == ENOENT) return refuse("does not exist");
    struct statfs facts {};
    if (tree && ::fstatfs(tree->get(), &facts) < 0) return fail_errno("looking at {}", source);
    if (tree && facts.f_type != (is_sysfs ? sysfs_magic : mqueue_magic))
        return refuse("is something else");
    return tree;
}

Result<bool> is_to_be_copied(int source, SourceLink link) {
    return link == SourceLink::copy && S_ISLNK(TRY(stat_of(source)).st_mode);
}

// A detached mount; or the link itself, if only that is wanted, because its mount may be one that
// cannot be copied.
template <class Step>
Result<Fd> open_source_of(const Step& step) {
    if (!step.stands_in_for.empty()) return copy_stand_in(step.source, step.stands_in_for);
    if (step.source_link == SourceLink::copy) {
        Result<Fd> itself = open_at(cwd, step.source, O_PATH | O_NOFOLLOW);
        if (itself && TRY(is_to_be_copied(itself->get(), step.source_link))) return itself;
    }
    return copy_source(step.source, step.bind, step.source_link);
}

// Binds that no entry of /mounts asks for have no members.
template <class Step>
std::string_view member_place(const Step& step) {
    const bool is_entry = step.origin.starts_with("/mounts/") && step.stands_in_for.empty();
    return is_entry ? std::string_view(step.origin) : std::string_view();
}

// The same link may exist: when a container is made again (podman start), it finds that of the last
// time.
Status copy_link(int link, const std::string& destination, const Context& context) {
    const std::string target = TRY(read_link(link, ""));
    const ParentAndName place = TRY(make_parent_in_container(context, destination));
    const int parent = place.parent.get();
    const int code = TRY(make_at(place, MadeKind::link, [&] {
        return ::symlinkat(target.c_str(), parent, place.name.c_str());
    }));
    if (code == 0) return {};
    if (code != EEXIST) return fail(format("making the link {} in the root", destination), code);
    const Result<std::string> existing = read_link(parent, place.name);
    if (existing && *existing == target) return {};
    return failf("{} in the root exists, and is not the symbolic link to {} that the source is",
                 destination, target);
}

std::string_view name_of(SourceLink link) {
    return link == SourceLink::bind   ? ",src-nofollow"
           : link == SourceLink::copy ? ",copy-symlink"
                                      : "";
}

}  // namespace

std::string describe(const OpenSource& step) {
    if (step.device) return format("make {} for {}", describe(*step.device), step.destination);
    std::string what = step.filesystem
                           ? format("make the {}", step.source)
                           : format("open {} to bind it on {}", step.source, step.destination);
    if (step.view == SourceView::container) what += ", in the container's mount namespace";
    return step.id_maps ? format("{}; {}", what, describe(*step.id_maps)) : what;
}

std::string describe(const BindMount& step) {
    const std::string changes = describe(step.changes);
    return format("bind {} on {} ({}{}{}{}{})", step.source, step.destination,
                  step.bind == Binding::whole_tree ? "rbind" : "bind", name_of(step.source_link),
                  step.last_link == LastLink::cover ? ",dest-nofollow" : "",
                  changes.empty() ? "" : ",", changes);
}

Status apply(const OpenSource& step, Context& context) {
    Fd tree = TRY(step.device       ? supply_node(*step.device, context)
                  : step.filesystem ? make_filesystem(*step.filesystem)
                                    : open_source_of(step).at(member_place(step), "/source"));
    const bool mount = !TRY(is_to_be_copied(tree.get(), step.source_link));
    if (mount && step.id_maps) TRY(map_mount(tree.get(), *step.id_maps, step.id_reach, context));
    if (mount && step.propagation) TRY(change_propagation(tree.get(), *step.propagation));
    if (context.sources.size() <= step.slot) context.sources.resize(step.slot + 1);
    context.sources[step.slot] = std::move(tree);
    return {};
}

Result<Fd> take_slot(const std::string& what, int slot, Context& context) {
    const size_t place = static_cast<size_t>(slot);
    if (place >= context.sources.size() || !context.sources[place].valid())
        return failf("{} was not opened", what);
    return std::move(context.sources[place]);
}

Status change_bind(int mount, MountChanges changes) {
    changes.propagation.clear();  // done later
    Status changed = change_mount(mount, changes);
    if (changed || changed.error().code() != EPERM || (changes.own.clear & MOUNT_ATTR_RDONLY) == 0)
        return changed;
    changes.own.clear &= ~uint64_t{MOUNT_ATTR_RDONLY};
    return change_mount(mount, changes) ? Status() : changed;
}

Status apply(const BindMount& step, Context& context) {
    const Fd tree =
        TRY(step.source_slot < 0 ? open_source_of(step).at(member_place(step), "/source")
                                 : take_slot(step.source, step.source_slot, context));
    const mode_t mode = TRY(stat_of(tree.get())).st_mode;
    if (step.placement == Placement::proc && !TRY(is_proc_root(tree.get())))
        return failf("only a proc file system can be on /proc, and {} is not one", step.source);
    // Otherwise the devices would be made where the link leads.
    if (step.destination == "/dev" && S_ISLNK(mode))
        return failf("/dev has to be a folder, and {} is a symbolic link", step.source);
    if (TRY(is_to_be_copied(tree.get(), step.source_link)))
        return copy_link(tree.get(), step.destination, context);
    const TargetKind kind = S_ISDIR(mode) ? TargetKind::directory : TargetKind::file;
    const Fd target =
        TRY(open_target(context, step.destination, kind, step.placement, step.last_link)
                .at(member_place(step), "/destination"));
    if (step.propagation) TRY(change_propagation(tree.get(), *step.propagation));
    // Attributes are set before the mount can be seen, propagation afterwards, because attaching
    // can change it.
    TRY(change_bind(tree.get(), step.changes));
    TRY(attach_at(context, tree.get(), target.get(), step.destination, step.changes.propagation));
    return keep_for_readonly(tree.get(), step.readonly_slot, context);
}

}  // namespace sampan
