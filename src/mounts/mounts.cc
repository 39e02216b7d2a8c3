#include "mounts/mounts.h"

#include <linux/mount.h>
#include <sys/mount.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "host/host.h"
#include "linux/labels.h"
#include "mounts/option_rules.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"
#include "os/path.h"
#include "spec/check.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

// File systems of the kernel, whose superblock may be shared with others, so that "ro" applies only
// to the mount. (For a disk it must apply to the superblock, or the kernel would write to it for
// its journal.)
constexpr std::array<std::string_view, 8> virtual_types{"proc",   "sysfs",   "tmpfs", "devpts",
                                                        "mqueue", "cgroup2", "ramfs", "securityfs"};

bool is_virtual(std::string_view type) {
    return std::ranges::find(virtual_types, type) != virtual_types.end();
}

// One entry of /mounts and what is known of it.
struct Entry {
    const spec::Mount& mount;
    std::string origin;
    std::string destination;
    std::string type;
    MountOptions options;
};

class Planner {
  public:
    Planner(const Spec& spec, const Host& host, const std::string& bundle, std::string label)
        : spec_(spec), host_(host), bundle_(bundle), label_(std::move(label)) {}

    Status add(const spec::Mount& mount, const std::string& origin);
    MountPlan take() { return std::move(plan_); }

  private:
    Status add_forced(const Entry& entry);
    Status add_bind(Entry& entry);
    void warn_of_options(const Entry& entry);
    Status add_filesystem(Entry& entry);
    void add_host_copy(Entry& entry, std::string source);
    [[nodiscard]] Result<std::optional<MountIdMaps>> id_maps_of(const Entry& entry) const;
    void push_bind(const Entry& entry, BindMount bind, std::optional<MountIdMaps> id_maps);
    [[nodiscard]] bool owns(spec::NamespaceType type) const;
    int delay_readonly(Entry& entry);
    void set_label(MountFilesystem& step) const;
    void keep_cgroup_flags(MountFilesystem& step) const;
    void set_tmp_upper(MountFilesystem& step) const;
    [[nodiscard]] bool in_user_namespace() const;

    const Spec& spec_;
    const Host& host_;
    const std::string& bundle_;
    std::string label_;  // linux.mountLabel
    MountPlan plan_;
    size_t next_slot_ = root_source_slot + 1;
};

bool maps_ids(const Entry& entry) {
    return maps_ids(entry.mount, entry.options);
}

Status check_links(const Entry& entry) {
    const MountOptions& options = entry.options;
    if ((options.copy_symlink || options.src_nofollow) &&
        (options.remount || options.bind == Binding::none))
        return failf("{} is for the source of a bind mount",
                     options.copy_symlink ? "copy-symlink" : "src-nofollow");
    if (options.copy_symlink && (options.src_nofollow || options.dest_nofollow))
        return failf("copy-symlink mounts nothing, so it excludes src-nofollow and dest-nofollow");
    if (options.dest_nofollow && (options.remount || entry.type == "cgroup"))
        return failf("dest-nofollow is for new mounts and bind mounts only, and not for a cgroup");
    return {};
}

bool sets(const std::vector<std::string>& data, std::string_view name) {
    return std::ranges::any_of(
        data, [name](const std::string& option) { return option.starts_with(name); });
}

Status check_tmp_upper(const Entry& entry) {
    if (!entry.options.tmp_upper) return {};
    if (entry.type != "overlay" || entry.options.remount || entry.options.bind != Binding::none)
        return failf("tmpupper is for a new mount of type overlay");
    if (maps_ids(entry)) return failf("tmpupper excludes idmap");
    if (!sets(entry.options.data, "lowerdir="))
        return failf("an overlay needs its lower layers: add the option \"lowerdir=FOLDER\"");
    for (const std::string_view own : {"upperdir=", "workdir="})
        if (sets(entry.options.data, own))
            return failf("tmpupper makes the upper layer, so it excludes {}", own);
    return {};
}

Status check_entry(const Entry& entry) {
    TRY(check_links(entry));
    if (maps_ids(entry) && (entry.options.remount || entry.type == "cgroup"))
        return failf("ids are mapped for new mounts and bind mounts only, and not for a cgroup");
    if (entry.options.copy_up && (entry.type != "tmpfs" || entry.destination == "/"))
        return failf("tmpcopyup is for a tmpfs, and not on /");
    TRY(check_tmp_upper(entry));
    if (entry.options.remount || entry.options.bind != Binding::none) return {};
    if (entry.type.empty())
        return failf("a mount needs a type, or the option \"bind\" or \"rbind\"");
    if (entry.type == "bind" || entry.type == "rbind" || entry.type == "none")
        return failf("type {} without the option \"bind\" or \"rbind\": add the option",
                     entry.type);
    return {};
}

SourceLink source_link_of(const MountOptions& options) {
    if (options.copy_symlink) return SourceLink::copy;
    return options.src_nofollow ? SourceLink::bind : SourceLink::follow;
}

LastLink last_link_of(const MountOptions& options) {
    return options.dest_nofollow ? LastLink::cover : LastLink::follow;
}

// Whether the user namespace in which init will be can be expected to own the namespace.
bool Planner::owns(spec::NamespaceType type) const {
    const spec::Namespace* user = spec::find_namespace(spec_, spec::NamespaceType::user);
    const spec::Namespace* wanted = spec::find_namespace(spec_, type);
    const bool limited = user != nullptr || host_.in_user_namespace;
    if (!limited) return true;
    if (wanted == nullptr) return false;
    return !wanted->path || user == nullptr || user->path.has_value();
}

// Devices and mount points below it are made first, and "ro" is set afterwards. Returns the slot,
// or -1.
int Planner::delay_readonly(Entry& entry) {
    MountAttributes& own = entry.options.changes.own;
    const bool fresh = entry.options.bind == Binding::none;
    const bool asked = (own.set & MOUNT_ATTR_RDONLY) != 0;
    const bool filled_later = (fresh && entry.type == "tmpfs") || entry.destination == "/dev";
    if (!asked || !filled_later) return -1;
    own.set &= ~uint64_t{MOUNT_ATTR_RDONLY};
    const size_t slot = plan_.pivot.size();
    plan_.pivot.push_back(MakeReadonly{entry.origin, entry.destination, slot});
    return static_cast<int>(slot);
}

Result<std::optional<MountIdMaps>> Planner::id_maps_of(const Entry& entry) const {
    if (!maps_ids(entry)) return std::nullopt;
    return TRY(plan_mount_id_maps(spec_, host_, entry.mount, entry.options, entry.origin));
}

void Planner::push_bind(const Entry& entry, BindMount bind, std::optional<MountIdMaps> id_maps) {
    bind.origin = entry.origin;
    bind.bind = entry.options.bind;
    bind.source_link = source_link_of(entry.options);
    bind.destination = entry.destination;
    bind.last_link = last_link_of(entry.options);
    bind.changes = entry.options.changes;
    // In init's namespace the source has already left the host's peer group. The supervisor's copy
    // is still in it, which only rshared asks for. Without a mount namespace of the container, the
    // source must be cut off on its own: otherwise what is mounted on the copy would reach it.
    const bool shared = shares_with_host(bind.changes);
    std::optional<Propagation> cut_off;
    if (!shared) cut_off = propagation_of_copy(spec_, bind.changes);
    const bool own_mounts = has_mount_namespace(spec_);
    const bool outside = !own_mounts || opens_sources_outside(spec_, host_);
    if (shared || id_maps || outside) {
        bind.source_slot = static_cast<int>(next_slot_);
        OpenSource open{
            .origin = bind.origin,
            .source = bind.source,
            .destination = bind.destination,
            .view = outside && own_mounts && !shared ? SourceView::container : SourceView::host,
            .bind = bind.bind,
            .source_link = bind.source_link,
            .stands_in_for = bind.stands_in_for,
            .propagation = cut_off,
            .id_maps = std::move(id_maps),
            .id_reach = entry.options.idmap_tree ? Reach::whole_tree : Reach::one_mount,
            .slot = next_slot_++};
        plan_.sources.push_back(std::move(open));
    } else if (cut_off != initial_propagation(spec_)) {
        bind.propagation = cut_off;
    }
    plan_.setup.emplace_back(std::move(bind));
}

// A bind has no file system of its own that could take them. Engines leave words for themselves
// there.
void Planner::warn_of_options(const Entry& entry) {
    const std::vector<std::string> known = known_mount_options();
    const std::vector<std::string_view> names(known.begin(), known.end());
    const std::vector<std::string>& options = entry.mount.options;
    for (size_t i = 0; i < options.size(); ++i) {
        if (is_for_engine(options[i]) || parse_mount_options({options[i]}).data.empty()) continue;
        plan_.warnings.push_back(
            {.pointer = format("{}/options/{}", entry.origin, i),
             .what = format("ignored: no option of a bind mount is called \"{}\"", options[i]),
             .hint = did_you_mean(options[i], names),
             .offset = {}});
    }
}

Status Planner::add_bind(Entry& entry) {
    if (!entry.mount.source) return failf("a bind mount needs a source");
    if (!entry.options.data.empty()) warn_of_options(entry);
    std::string source = *entry.mount.source;
    if (!source.starts_with('/')) source = bundle_ + "/" + source;
    const Placement placement = TRY(place_of(entry.destination, ""));
    BindMount bind{.source = std::move(source), .placement = placement};
    bind.readonly_slot = delay_readonly(entry);
    push_bind(entry, std::move(bind), TRY(id_maps_of(entry)));
    return {};
}

// If this user namespace may not mount a file system anew, the host's is bound as it is.
void Planner::add_host_copy(Entry& entry, std::string source) {
    entry.options.bind = Binding::whole_tree;
    MountChanges& changes = entry.options.changes;
    // Other flags cannot be loosened, and read-only must apply to mounts below it too.
    changes.tree.set |= changes.own.set & MOUNT_ATTR_RDONLY;
    changes.own.clear = 0;
    changes.own.set &= ~uint64_t{MOUNT_ATTR__ATIME};
    push_bind(entry,
              BindMount{.source = std::move(source),
                        .placement = Placement::no_links,
                        .stands_in_for = entry.type},
              std::nullopt);
}

// In some file systems the policy labels each file, and no other label can be set. An mqueue can
// have one, but not by an option.
void Planner::set_label(MountFilesystem& step) const {
    const bool given = std::ranges::any_of(
        step.data, [](const std::string& option) { return option.contains("context="); });
    if (label_.empty() || given) return;
    if (step.type == "mqueue")
        step.label = label_;
    else if (step.type != "proc" && step.type != "sysfs" && step.type != "cgroup2")
        step.data.push_back(label_option(spec_, label_));
}

// A new cgroup2 from the host's cgroup namespace sets the flags of the host's mount too.
void Planner::keep_cgroup_flags(MountFilesystem& step) const {
    if (step.type != "cgroup2" || !host_.cgroups.unified) return;
    for (const std::string& flag : host_.cgroups.unified->flags)
        if (std::ranges::find(step.data, flag) == step.data.end()) step.data.push_back(flag);
}

bool Planner::in_user_namespace() const {
    return host_.in_user_namespace ||
           spec::find_namespace(spec_, spec::NamespaceType::user) != nullptr;
}

void Planner::set_tmp_upper(MountFilesystem& step) const {
    step.tmp_upper = true;
    const auto size = std::ranges::find_if(
        step.data, [](const std::string& option) { return option.starts_with("size="); });
    if (size != step.data.end()) {
        step.tmp_upper_size = size->substr(size->find('=') + 1);
        step.data_places.erase(step.data_places.begin() + (size - step.data.begin()));
        step.data.erase(size);
    }
    // There the overlay's own notes cannot be in "trusted." attributes, which need the host's root.
    if (in_user_namespace() && !sets(step.data, "userxattr")) step.data.emplace_back("userxattr");
}

Status Planner::add_filesystem(Entry& entry) {
    TRY(check_joined(entry.mount, entry.options, entry.origin));
    std::optional<MountIdMaps> id_maps = TRY(id_maps_of(entry));
    // A mapped file system belongs to the host's user namespace, which maps all ids.
    if (!id_maps) TRY(check_option_ids(spec_, entry.options, entry.origin));
    const Placement placement = TRY(place_of(entry.destination, entry.type));
    if (entry.type == "sysfs" && !owns(spec::NamespaceType::network)) {
        add_host_copy(entry, "/sys");
        return {};
    }
    if (entry.type == "mqueue" && !owns(spec::NamespaceType::ipc)) {
        add_host_copy(entry, "/dev/mqueue");
        return {};
    }
    MountChanges& changes = entry.options.changes;
    changes = for_one_mount(std::move(changes));
    uint64_t superblock = entry.options.superblock_set & ~uint64_t{MS_RDONLY};
    if (!is_virtual(entry.type) && (changes.own.set & MOUNT_ATTR_RDONLY) != 0)
        superblock |= MS_RDONLY;
    const int readonly_slot = delay_readonly(entry);
    MountFilesystem step{.origin = entry.origin,
                         .type = entry.type,
                         .source = entry.mount.source.value_or(""),
                         .destination = entry.destination,
                         .placement = placement,
                         .last_link = last_link_of(entry.options),
                         .superblock_set = superblock,
                         .data = entry.options.data,
                         .data_places = entry.options.data_places,
                         .readonly_slot = readonly_slot,
                         .copy_up = entry.options.copy_up,
                         .changes = changes};
    set_label(step);
    keep_cgroup_flags(step);
    if (entry.options.tmp_upper) set_tmp_upper(step);
    if (id_maps) {
        step.made_slot = static_cast<int>(next_slot_);
        plan_.sources.push_back({.origin = entry.origin,
                                 .source = format("{} for {}", step.type, step.destination),
                                 .filesystem = request_of(step),
                                 .propagation = {},
                                 .id_maps = std::move(id_maps),
                                 .slot = next_slot_++});
    }
    plan_.setup.emplace_back(std::move(step));
    return {};
}

Status Planner::add_forced(const Entry& entry) {
    TRY(place_of(entry.destination, "cgroup"));
    plan_.setup.emplace_back(
        TRY(plan_forced_mount(spec_, host_,
                              {entry.origin, entry.destination, label_option(spec_, label_),
                               for_one_mount(entry.options.changes)})));
    return {};
}

Status Planner::add(const spec::Mount& mount, const std::string& origin) {
    Entry entry{.mount = mount,
                .origin = origin,
                .destination = clean_path(mount.destination),
                .type = mount.type.value_or(""),
                .options = parse_mount_options(mount.options)};
    TRY(check_entry(entry));
    MountOptions& options = entry.options;
    if (options.remount) {
        // "ro" of a remount applies to the mount: its file system may be the host's.
        plan_.setup.emplace_back(
            Remount{.origin = origin,
                    .destination = entry.destination,
                    .bind = options.bind,
                    .superblock_set = options.superblock_set & ~uint64_t{MS_RDONLY},
                    .superblock_clear = options.superblock_clear & ~uint64_t{MS_RDONLY},
                    .data = options.data,
                    .changes = options.changes});
        return {};
    }
    if (is_forced_to_v1(spec_, entry.destination)) return add_forced(entry);
    if (options.bind != Binding::none) return add_bind(entry);
    if (entry.type != "cgroup") return add_filesystem(entry);
    TRY(place_of(entry.destination, entry.type));
    TRY(check_cgroup_options(entry.options.data, host_.cgroups));
    plan_.setup.emplace_back(TRY(plan_cgroup_mount(
        spec_, host_,
        {origin, entry.destination, label_option(spec_, label_), for_one_mount(options.changes)})));
    return {};
}

}  // namespace

Result<MountPlan> plan_mounts(const Spec& spec, const Host& host, const std::string& bundle) {
    std::string label = TRY(plan_mount_label(spec, host));
    if (spec.mounts.empty()) return MountPlan{};
    const bool limited =
        host.in_user_namespace || spec::find_namespace(spec, spec::NamespaceType::user) != nullptr;
    if (!has_mount_namespace(spec) && limited) {
        return fail_at("/mounts",
                       "a user namespace may not mount anything in the host's mount namespace",
                       "add {\"type\": \"mount\"} to /linux/namespaces");
    }
    Planner planner(spec, host, bundle, std::move(label));
    for (size_t i = 0; i < spec.mounts.size(); ++i) {
        const std::string origin = format("/mounts/{}", i);
        TRY(planner.add(spec.mounts[i], origin).at(origin));
    }
    return planner.take();
}

}  // namespace sampan
