#include "mounts/cgroup_mount.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "host/host.h"
#include "mounts/bind.h"
#include "mounts/filesystem.h"
#include "mounts/mount_target.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"
#include "os/file.h"
#include "os/path.h"
#include "spec/annotations.h"
#include "spec/check.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

CgroupView view_of(const CgroupHierarchy& hierarchy, std::string type) {
    CgroupView view{.name = last_part(hierarchy.mount_point),
                    .type = std::move(type),
                    .host_mount = hierarchy.mount_point,
                    .host_root = hierarchy.root};
    view.options = join(view.type == "cgroup2" ? hierarchy.flags : hierarchy.controllers, ",");
    if (view.type == "cgroup2") return view;
    for (const std::string& controller : hierarchy.controllers)
        if (!controller.starts_with("name=") && controller != view.name)
            view.links.push_back(controller);
    return view;
}

// Init's own cgroup in the hierarchy, from the text of /proc/self/cgroup.
Result<std::string> own_cgroup(std::string_view text, const CgroupView& view) {
    const bool unified = view.type == "cgroup2";
    const std::string_view first = std::string_view(view.options).substr(0, view.options.find(','));
    for (const ProcCgroup& one : parse_proc_cgroup(text)) {
        const std::vector<std::string_view> controllers = split(one.controllers, ',');
        const bool found = unified ? one.controllers.empty()
                                   : std::ranges::find(controllers, first) != controllers.end();
        if (found) return std::string(one.path);
    }
    return failf("/proc/self/cgroup does not tell of the hierarchy {}", view.name);
}

// Pure cgroup2, and the container has no cgroup namespace of its own.
bool shows_host(const MountCgroup& step) {
    return !step.fresh && step.views.empty() && step.unified->type == "cgroup2";
}

// Without what the host has mounted below its mount.
Result<Fd> copy_of_host(const std::string& path) {
    Fd copy = TRY(clone_tree(cwd, path, 0));
    TRY(change_propagation(copy.get(), no_propagation));
    return copy;
}

Result<Fd> bind_own_cgroup(const CgroupView& view, const Context& context) {
    const std::string text = TRY(read_file(context.proc.get(), "self/cgroup"));
    std::string place = TRY(own_cgroup(text, view));
    const std::string& root = view.host_root;
    if (root != "/") {
        if (place != root && !place.starts_with(root + "/"))
            return failf("the host's mount at {} does not show the cgroup {}", view.host_mount,
                         place);
        place.erase(0, root.size());
    }
    return copy_of_host(place == "/" ? view.host_mount : view.host_mount + place);
}

Result<Fd> make_view(const MountCgroup& step, const CgroupView& view, const Context& context) {
    if (shows_host(step)) return copy_of_host(view.host_mount);
    if (!step.fresh) return bind_own_cgroup(view, context);
    FilesystemRequest request{.type = view.type, .source = "cgroup"};
    if (!view.options.empty())
        for (const std::string_view option : split(view.options, ','))
            request.data.emplace_back(option);
    return make_filesystem(request);
}

// With all changes except for the propagation.
Result<Fd> make_changed_view(const MountCgroup& step,
                             const CgroupView& view,
                             const Context& context) {
    Fd mount = TRY(make_view(step, view, context).in(view.name));
    const MountChanges changes{step.changes.own, {}, {}};
    TRY(step.fresh ? change_mount(mount.get(), changes) : change_bind(mount.get(), changes));
    return mount;
}

// Makes a folder for each hierarchy in a tmpfs, and a link for each controller that has another
// name there.
Status fill_folder(const MountCgroup& step, int folder, const Context& context) {
    std::vector<CgroupView> views = step.views;
    if (step.unified) views.push_back(*step.unified);
    for (const CgroupView& view : views) {
        TRY(make_directory(folder, view.name, 0755));
        const Fd place = TRY(open_at(folder, view.name, O_PATH | O_NOFOLLOW | O_DIRECTORY));
        const Fd mount = TRY(make_changed_view(step, view, context));
        TRY(attach_mount(mount.get(), place.get()));
        for (const std::string& link : view.links)
            if (::symlinkat(view.name.c_str(), folder, link.c_str()) < 0)
                return fail_errno("making the link {}", link);
    }
    return {};
}

// On a host with v1, options of both versions: what was written for one version must not fail on
// the other.
std::vector<std::string_view> known_options(const CgroupLayout& layout) {
    const std::span<const std::string_view> flags = cgroup2_flags();
    std::vector<std::string_view> known(flags.begin(), flags.end());
    if (layout.mode == CgroupMode::v2) return known;
    // cgroup1_fs_parameters of the kernel.
    known.insert(known.end(), {"all", "clone_children", "cpuset_v2_mode", "favordynmods", "name",
                               "nofavordynmods", "none", "noprefix", "release_agent", "xattr"});
    for (const CgroupHierarchy& hierarchy : layout.hierarchies)
        known.insert(known.end(), hierarchy.controllers.begin(), hierarchy.controllers.end());
    return known;
}

}  // namespace

Result<MountCgroup> plan_cgroup_mount(const Spec& spec,
                                      const Host& host,
                                      const CgroupMountRequest& request) {
    const CgroupLayout& layout = host.cgroups;
    if (layout.mode == CgroupMode::none)
        return failf("this machine has no cgroup file system mounted that could be shown");
    MountCgroup step{.origin = request.origin,
                     .destination = request.destination,
                     .fresh = spec::find_namespace(spec, spec::NamespaceType::cgroup) != nullptr,
                     .label = request.label,
                     .changes = request.changes};
    if (layout.unified) step.unified = view_of(*layout.unified, "cgroup2");
    if (layout.mode != CgroupMode::v2)
        for (const CgroupHierarchy& hierarchy : layout.hierarchies)
            step.views.push_back(view_of(hierarchy, "cgroup"));
    // A bound mount belongs to the host, and the owner of its files could write to it without
    // having asked for that (CVE-2023-25809). Engines write "rw" for a privileged container only.
    const bool limited =
        host.in_user_namespace || spec::find_namespace(spec, spec::NamespaceType::user) != nullptr;
    const bool asked_to_write = (step.changes.own.clear & MOUNT_ATTR_RDONLY) != 0;
    if (!step.fresh && !asked_to_write && (limited || shows_host(step)))
        step.changes.own.set |= MOUNT_ATTR_RDONLY;
    return step;
}

bool is_forced_to_v1(const Spec& spec, std::string_view destination) {
    const std::optional<std::string> place = spec::find_annotation(spec, spec::forced_cgroup_v1);
    return place && clean_path(*place) == destination;
}

Result<MountCgroup> plan_forced_mount(const Spec& spec,
                                      const Host& host,
                                      const CgroupMountRequest& request) {
    const CgroupHierarchy* const named = host.cgroups.find("name=systemd");
    if (named == nullptr)
        return failf("{} needs the hierarchy name=systemd, which this host has not mounted",
                     spec::forced_cgroup_v1)
            .hint(
                "mkdir /sys/fs/cgroup/systemd && mount -t cgroup -o none,name=systemd,xattr cgroup "
                "/sys/fs/cgroup/systemd");
    MountCgroup step{.origin = request.origin,
                     .destination = request.destination,
                     .fresh = spec::find_namespace(spec, spec::NamespaceType::cgroup) != nullptr,
                     .label = request.label,
                     .changes = request.changes};
    step.unified = view_of(*named, "cgroup");
    return step;
}

Status check_cgroup_options(const std::vector<std::string>& data, const CgroupLayout& layout) {
    const std::vector<std::string_view> known = known_options(layout);
    for (const std::string& option : data) {
        const std::string_view name = std::string_view(option).substr(0, option.find('='));
        if (std::ranges::find(known, name) != known.end()) continue;
        return failf("{} has no option \"{}\"",
                     layout.mode == CgroupMode::v2 ? "cgroup2" : "cgroup", option)
            .hint(did_you_mean(option, known));
    }
    return {};
}

std::string describe(const MountCgroup& step) {
    const std::string changes = describe(step.changes);
    const std::string_view doing = step.fresh         ? "mount"
                                   : shows_host(step) ? "bind the host's"
                                                      : "bind its own";
    return format("{} cgroups on {}{}", doing, step.destination,
                  changes.empty() ? "" : format(" ({})", changes));
}

Status apply(const MountCgroup& step, Context& context) {
    const Fd target = TRY(open_target(context, step.destination, TargetKind::directory,
                                      Placement::no_links, LastLink::follow));
    if (step.views.empty()) {
        if (!step.unified) return failf("no hierarchy to show");
        const Fd mount = TRY(make_changed_view(step, *step.unified, context));
        return attach_at(context, mount.get(), target.get(), step.destination,
                         step.changes.propagation);
    }
    const uint64_t wanted = step.changes.own.set;
    const uint64_t readonly = wanted & MOUNT_ATTR_RDONLY;
    FilesystemRequest request{.type = "tmpfs",
                              .source = "cgroup",
                              .data = {"mode=755", "size=65536"},
                              .attributes = wanted & ~readonly};
    if (!step.label.empty()) request.data.push_back(step.label);
    const Fd folder = TRY(make_filesystem(request));
    TRY(attach_at(context, folder.get(), target.get(), step.destination, {}));
    TRY(fill_folder(step, folder.get(), context));
    if (readonly != 0)
        TRY(change_mount(folder.get(), MountAttributes{.set = readonly}, Reach::one_mount));
    for (const Propagation& change : step.changes.propagation)
        TRY(change_propagation(folder.get(), change));
    return {};
}

}  // namespace sampan
