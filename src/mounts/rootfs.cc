#include "mounts/rootfs.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ranges>
#include <set>
#include <string_view>

#include "base/text.h"
#include "host/host.h"
#include "mounts/filesystem.h"
#include "mounts/missing_path.h"
#include "mounts/propagation.h"
#include "os/file.h"
#include "os/mountinfo.h"
#include "os/path.h"
#include "spec/check.h"

namespace sampan {

namespace {

std::string_view name_of(const Propagation& propagation) {
    switch (propagation.kind) {
        case MS_SHARED:
            return "shared";
        case MS_SLAVE:
            return "slave";
        case MS_UNBINDABLE:
            return "unbindable";
        default:
            return "private";
    }
}

void add_working_directory(const Spec& spec, RootPlan& plan) {
    if (auto step = plan_working_directory(spec)) plan.pivot.emplace_back(std::move(*step));
}

RootPlan plan_without_mounts(const Spec& spec, const std::string& path) {
    RootPlan plan;
    plan.setup.emplace_back(AttachRoot{.origin = "/root/path", .path = path, .mount = false});
    plan.pivot.emplace_back(ChrootInto{.origin = "/root/path", .move = false});
    add_working_directory(spec, plan);
    return plan;
}

// Mounts that are not in the container's root, found by the mounts on which they are: the root's
// owner can change the paths to them.
Result<std::vector<MountedPlace>> mounts_outside(const Context& context) {
    std::vector<MountedPlace> places = TRY(read_mountinfo(context.proc.get()));
    std::set<uint64_t> inside{TRY(place_of_fd(context.root.get())).mount};
    for (const MountedPlace& place : places)
        if (inside.contains(place.parent)) inside.insert(place.id);
    std::erase_if(places, [&](const MountedPlace& place) { return inside.contains(place.id); });
    return places;
}

// If a user namespace has locked it, or something is mounted on it, it is covered instead.
Status hide_mount(const MountedPlace& place, const Context& context) {
    const Result<Fd> found = open_at(cwd, place.point, O_PATH | O_DIRECTORY);
    if (!found || TRY(place_of_fd(found->get())).mount != place.id) return {};
    if (::fchdir(context.proc.get()) < 0) return fail_errno("entering /proc");
    const Status gone = unmount_lazily(format("self/fd/{}", found->get()));
    const int code = gone ? 0 : gone.error().code();
    if (code != EPERM && code != EINVAL) return {};
    const Fd cover = TRY(make_filesystem({.type = "tmpfs", .attributes = MOUNT_ATTR_RDONLY}));
    return attach_mount(cover.get(), found->get());
}

// Moving a mount over "/" leaves the host's mounts underneath. If a whole procfs or sysfs were
// there, a user namespace inside could mount new ones without the masks (mount_too_revealing()).
Status hide_kernel_file_systems(const Context& context) {
    const std::vector<MountedPlace> places = TRY(mounts_outside(context));
    // The innermost come last: each is looked up before the mount under it is gone.
    for (const MountedPlace& place : places | std::views::reverse)
        if (place.type == "proc" || place.type == "sysfs") TRY(hide_mount(place, context));
    return {};
}

}  // namespace

bool has_mount_namespace(const Spec& spec) {
    return spec::find_namespace(spec, spec::NamespaceType::mount) != nullptr;
}

bool covers_root(const Spec& spec) {
    if (spec.mounts.empty() || clean_path(spec.mounts.front().destination) != "/") return false;
    return !parse_mount_options(spec.mounts.front().options).remount;
}

bool opens_sources_outside(const Spec& spec, const Host& host) {
    const bool may = ((host.capabilities >> CAP_SYS_ADMIN) & 1U) != 0;
    return may && spec::find_namespace(spec, spec::NamespaceType::user) != nullptr;
}

std::string root_path(const Spec& spec, const std::string& bundle) {
    if (!spec.root) return "";
    return spec.root->path.starts_with('/') ? spec.root->path : bundle + "/" + spec.root->path;
}

RootPlan plan_root(const Spec& spec,
                   const Host& host,
                   const std::string& bundle,
                   RootSwitch root_switch) {
    const std::string path = root_path(spec, bundle);
    const std::optional<uint64_t> propagation = root_propagation(spec);
    if (!has_mount_namespace(spec)) return plan_without_mounts(spec, path);
    RootPlan plan;
    const Propagation initial = initial_propagation(spec);
    plan.setup.emplace_back(SetPropagation{.origin = propagation ? "/linux/rootfsPropagation" : "",
                                           .propagation = initial});
    const bool covered = covers_root(spec);
    AttachRoot attach{.origin = "/root/path", .path = path, .mount = !covered, .covered = covered};
    const Propagation cut_off = propagation_of_root(spec);
    if (covered) {
        // A copy of what nobody will see would only cost time.
    } else if (opens_sources_outside(spec, host)) {
        attach.source_slot = static_cast<int>(root_source_slot);
        plan.sources.push_back(OpenSource{.origin = "/root/path",
                                          .source = path,
                                          .destination = "/",
                                          .view = SourceView::container,
                                          .bind = Binding::whole_tree,
                                          .propagation = cut_off,
                                          .slot = root_source_slot});
    } else if (cut_off != initial) {
        attach.propagation = cut_off;
    }
    plan.setup.emplace_back(std::move(attach));
    if (root_switch == RootSwitch::pivot)
        plan.pivot.emplace_back(PivotRoot{.origin = "/root/path"});
    else
        plan.pivot.emplace_back(ChrootInto{.origin = "/root/path", .move = true});
    add_working_directory(spec, plan);
    if (!propagation && !spec.root->readonly) return plan;
    ChangeRoot change{.origin = propagation ? "/linux/rootfsPropagation" : "/root/readonly",
                      .readonly = spec.root->readonly};
    if (propagation) change.propagation = Propagation{*propagation, Reach::one_mount};
    plan.pivot.emplace_back(std::move(change));
    return plan;
}

std::string describe(const SetPropagation& step) {
    return format("make all mounts {}", name_of(step.propagation));
}

std::string describe(const AttachRoot& step) {
    if (step.covered) return format("open {}, which the first mount will cover", step.path);
    return format("{} the root file system {}", step.mount ? "bind" : "open", step.path);
}

std::string describe(const PivotRoot&) {
    return "make it the root (pivot_root)";
}

std::string describe(const ChrootInto& step) {
    return step.move ? "make it the root (by moving it over / and chroot)"
                     : "make it the root (chroot)";
}

std::string describe(const ChangeRoot& step) {
    std::string text = "make the root ";
    if (step.readonly) text += "read-only";
    if (step.readonly && step.propagation) text += " and ";
    if (step.propagation) text += name_of(*step.propagation);
    return text;
}

Status apply(const SetPropagation& step, Context&) {
    const unsigned long reach = step.propagation.reach == Reach::whole_tree ? MS_REC : 0;
    Status changed = change_propagation("/", step.propagation.kind | reach);
    if (!changed && changed.error().code() == EINVAL)
        changed.error().set_hint(
            "our own root is not a mount point, as in a chroot: it can be neither cut off nor "
            "left");
    return changed;
}

namespace {

// By identity, because "/" has many names. The container's mounts would cover the host's /proc and
// /dev, where even we could not find and undo them.
Status check_not_hosts_root(const AttachRoot& step, int target) {
    const Fd root = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    const struct stat theirs = TRY(stat_of(target));
    const struct stat ours = TRY(stat_of(root.get()));
    if (theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino) return {};
    return fail_at("/root/path",
                   format("the root file system {} is the host's own /: without a mount namespace "
                          "the container's mounts would cover the host's",
                          step.path),
                   R"(add {"type": "mount"} to /linux/namespaces)");
}

}  // namespace

Status apply(const AttachRoot& step, Context& context) {
    Result<Fd> place = open_at(cwd, step.path, O_PATH);
    const bool copied = step.mount && step.source_slot >= 0;
    if (!place && (copied || step.covered) && place.error().code() == EACCES)
        // A folder on the way is closed to the mapped root. Any place will do, because the copy is
        // reached by its descriptor; but hooks will not find it under its path.
        place = open_at(cwd, "/", O_PATH);
    if (!place) explain_missing_root(place.error(), step.path);
    const Fd target = TRY(std::move(place).in("the root file system"));
    if (!S_ISDIR(TRY(stat_of(target.get())).st_mode))
        return failf("the root file system {} is not a directory", step.path);
    if (!step.mount) {
        if (!step.covered) TRY(check_not_hosts_root(step, target.get()));
        context.root = Fd(::fcntl(target.get(), F_DUPFD_CLOEXEC, 3));
        return {};
    }
    context.root = copied ? TRY(take_slot(step.path, step.source_slot, context))
                          : TRY(clone_tree(target.get(), "", AT_EMPTY_PATH | AT_RECURSIVE));
    if (step.propagation) TRY(change_propagation(context.root.get(), *step.propagation));
    return attach_mount(context.root.get(), target.get());
}

Status apply(const PivotRoot&, Context& context) {
    const Fd old_root = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    if (::fchdir(context.root.get()) < 0) return fail_errno("entering the new root");
    TRY(pivot_to_cwd());
    // The old root now covers the new one, and only its descriptor certainly refers to it.
    if (::fchdir(old_root.get()) < 0) return fail_errno("entering the old root");
    // So that unmounting affects only us, even if a hook has shared something.
    TRY(change_propagation(".", MS_SLAVE | MS_REC));
    TRY(unmount_lazily("."));
    if (::chdir("/") < 0) return fail_errno("entering the new root");
    return {};
}

Status apply(const ChrootInto& step, Context& context) {
    if (step.move) TRY(hide_kernel_file_systems(context));
    if (::fchdir(context.root.get()) < 0) return fail_errno("entering the new root");
    if (step.move && ::mount(".", "/", nullptr, MS_MOVE, nullptr) < 0)
        return fail_errno("moving the new root over /");
    if (::chroot(".") < 0) return fail_errno("chroot");
    if (::chdir("/") < 0) return fail_errno("entering the new root");
    return {};
}

Status apply(const ChangeRoot& step, Context& context) {
    MountChanges changes;
    if (step.readonly) changes.own.set = MOUNT_ATTR_RDONLY;
    if (step.propagation) changes.propagation.push_back(*step.propagation);
    return change_mount(context.root.get(), changes);
}

}  // namespace sampan
