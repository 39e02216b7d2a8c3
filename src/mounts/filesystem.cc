#include "mounts/filesystem.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "mounts/bind.h"
#include "mounts/copy_up.h"
#include "mounts/filesystem_names.h"
#include "mounts/option_page.h"
#include "mounts/tmp_upper.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

struct SuperblockName {
    uint64_t flag;
    const char* set;
    const char* clear;
};
// By the names of fsconfig(2), which has none for MS_I_VERSION: see count_versions().
constexpr std::array superblock_names{
    SuperblockName{MS_RDONLY, "ro", "rw"},
    SuperblockName{MS_SYNCHRONOUS, "sync", "async"},
    SuperblockName{MS_DIRSYNC, "dirsync", nullptr},
    SuperblockName{MS_LAZYTIME, "lazytime", "nolazytime"},
    SuperblockName{MS_MANDLOCK, "mand", "nomand"},
};

Status set_option(FsContext& filesystem, const std::string& option) {
    const size_t equals = option.find('=');
    if (equals == std::string::npos) return filesystem.set_flag(option);
    return filesystem.set_string(option.substr(0, equals), option.substr(equals + 1));
}

// Where config.json has the options.
struct OptionPlaces {
    std::string_view origin;
    std::span<const size_t> indexes;
};

// `index` is that of the option among all that the file system gets.
Status explain_option(Status refused,
                      const std::string& option,
                      size_t index,
                      const OptionPlaces& places) {
    refused.error().set_hint(hint_for_option(option));
    if (index < places.indexes.size())
        refused.error().set_pointer(format("{}/options/{}", places.origin, places.indexes[index]));
    return refused;
}

Status configure(FsContext& filesystem,
                 uint64_t set,
                 uint64_t clear,
                 const std::vector<std::string>& data,
                 const OptionPlaces& places) {
    for (const SuperblockName& name : superblock_names) {
        if ((set & name.flag) != 0) TRY(filesystem.set_flag(name.set));
        if ((clear & name.flag) != 0 && name.clear != nullptr) TRY(filesystem.set_flag(name.clear));
    }
    for (size_t i = 0; i < data.size(); ++i) {
        Status done = set_option(filesystem, data[i]);
        if (!done) return explain_option(std::move(done), data[i], i, places);
    }
    return {};
}

// fsconfig(2) has no name for "iversion". Only mount(2) still sets it, by changing an attached
// mount. This clears all other flags, so those of the mount are set again. The host's /proc is
// still at its place.
Status count_versions(int mount, uint64_t superblock_set, uint64_t attributes) {
    if (::mount(nullptr, fd_path(mount).c_str(), nullptr, MS_REMOUNT | superblock_set, nullptr) < 0)
        return fail_errno("setting iversion");
    return change_mount(mount, MountAttributes{.set = attributes, .clear = MOUNT_ATTR__ATIME},
                        Reach::one_mount);
}

bool is_readonly(int mount) {
    struct statvfs facts {};
    return ::fstatvfs(mount, &facts) == 0 && (facts.f_flag & ST_RDONLY) != 0;
}

// Runs `change`, which clears "read-only" of some mounts, as if those that will become read-only
// already were. If it reaches one of these, that mount stays writable.
template <class Change>
Status change_delayed(Context& context, const Change& change) {
    const MountAttributes readonly{.set = MOUNT_ATTR_RDONLY};
    const MountAttributes writable{.clear = MOUNT_ATTR_RDONLY};
    for (const Fd& mount : context.readonly_later)
        if (mount.valid()) TRY(change_mount(mount.get(), readonly, Reach::one_mount));
    TRY(change());
    for (Fd& mount : context.readonly_later) {
        if (!mount.valid()) continue;
        const bool waits_still = is_readonly(mount.get()) &&
                                 change_mount(mount.get(), writable, Reach::one_mount).has_value();
        if (!waits_still) mount.reset();
    }
    return {};
}

// Before Linux 5.8 there is no such attribute, and only the kernel knows.
Result<bool> is_mount_point(int fd) {
    struct statx facts {};
    if (::statx(fd, "", AT_EMPTY_PATH, 0, &facts) < 0) return fail_errno("looking at the mount");
    return (facts.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) == 0 ||
           (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

Status remount(const Remount& step, int mount) {
    if (step.bind == Binding::none &&
        (step.superblock_set != 0 || step.superblock_clear != 0 || !step.data.empty())) {
        FsContext filesystem = TRY(FsContext::pick(mount));
        TRY(configure(filesystem, step.superblock_set, step.superblock_clear, step.data, {}));
        TRY(filesystem.reconfigure());
    }
    return change_mount(mount, step.changes);
}

std::string_view hint_for(const std::string& type, int code) {
    if (code != EPERM) return "";
    if (type == "proc")
        return "a new proc needs a pid namespace that belongs to the container's user namespace, "
               "and one proc in sight that nothing covers";
    if (type == "sysfs")
        return "a new sysfs needs a network namespace that belongs to the container's user "
               "namespace";
    if (type == "mqueue")
        return "a new mqueue needs an ipc namespace that belongs to the container's user namespace";
    return "this file system cannot be mounted in a user namespace";
}

bool gives(const MountFilesystem& step, std::string_view name) {
    return std::ranges::any_of(
        step.data, [name](const std::string& option) { return option.starts_with(name); });
}

// A tmpfs gets the mode of the folder that it covers, unless it has a mode option. If the folder
// was missing, it gets the kernel's default, 1777. The owner stays root. runc does the same.
Result<std::optional<mode_t>> covered_mode(const MountFilesystem& step, const Context& context) {
    if (step.type != "tmpfs" || step.copy_up || gives(step, "mode=")) return std::nullopt;
    const Result<Fd> folder =
        open_in_root(context.root.get(), step.destination, O_PATH | O_DIRECTORY);
    if (!folder) return std::nullopt;  // open_target() makes it, and reports what is wrong with it
    return TRY(stat_of(folder->get())).st_mode & 07777U;
}

// For one that the supervisor has made. If the mount maps its root to nobody, nobody needs the
// mode.
Status set_mode(const MountFilesystem& step, int mount, mode_t mode) {
    if (step.made_slot < 0) return {};
    const Fd root = TRY(open_at(mount, ".", O_RDONLY | O_DIRECTORY));
    if (::fchmod(root.get(), mode) == 0 || errno == EPERM || errno == EOVERFLOW) return {};
    return fail_errno("setting the mode of {}", step.destination);
}

// The copy must have the same owners as what it covers, so it is made through the mapped mount. And
// init could not map it afterwards: in a user namespace it has no rights over the file system.
Status fill(const MountFilesystem& step, int proc, int target, int mount) {
    if (!step.copy_up) return {};
    Status copied = copy_up(
        proc, target, mount,
        {.uid = gives(step, "uid="), .gid = gives(step, "gid="), .mode = gives(step, "mode=")});
    const int code = copied ? 0 : copied.error().code();
    if (step.made_slot >= 0 && (code == EOVERFLOW || code == EACCES))
        copied.error().set_hint(
            "the mount maps no id of the file system to the owner of this file, or none from the "
            "owner of the file system's own root (options uid=, gid=)");
    return copied;
}

// Leaves room for the reason, if this is part of an error.
std::string shortened(const std::string& option) {
    constexpr size_t enough = 100;
    return option.size() <= enough ? option : option.substr(0, enough) + "...";
}

std::string options_of(const MountChanges& changes,
                       const std::vector<std::string>& data,
                       LastLink last_link = LastLink::follow) {
    std::string text = last_link == LastLink::cover ? "dest-nofollow" : "";
    const auto append = [&text](const std::string& option) {
        if (!text.empty() && !option.empty()) text += ',';
        text += option;
    };
    append(describe(changes));
    for (const std::string& option : data)
        append(shortened(option));
    return text.empty() ? text : format(" ({})", text);
}

}  // namespace

Result<Fd> make_filesystem(const FilesystemRequest& request) {
    const bool others_processes = request.pid_namespace >= 0;
    if (!others_processes && needs_option_page(request)) return make_filesystem_by_page(request);
    Result<FsContext> opened = FsContext::open(request.type).at(request.origin, "/type");
    if (!opened && opened.error().code() == 0) opened.error().set_hint(hint_for_type(request.type));
    FsContext filesystem = TRY(std::move(opened));
    if (others_processes) TRY(filesystem.set_fd("pidns", request.pid_namespace));
    if (!request.source.empty()) TRY(filesystem.set_string("source", request.source));
    TRY(configure(filesystem, request.superblock_set, 0, request.data,
                  {request.origin, request.data_places}));
    TRY(filesystem.create());
    return filesystem.mount(request.attributes);
}

std::string describe(const MountFilesystem& step) {
    return format("mount {} on {}{}{}", step.type, step.destination,
                  options_of(step.changes, step.data, step.last_link),
                  step.tmp_upper ? ", with a tmpfs as upper layer" : "");
}

std::string describe(const Remount& step) {
    return format("change the mount on {}{}", step.destination,
                  options_of(step.changes, step.data));
}

std::string describe(const MakeReadonly& step) {
    return format("make the mount on {} read-only", step.destination);
}

FilesystemRequest request_of(const MountFilesystem& step) {
    return {.origin = step.origin,
            .type = step.type,
            .source = step.source,
            .superblock_set = step.superblock_set,
            .data = step.data,
            .data_places = step.data_places,
            .attributes = step.changes.own.set};
}

Status apply(const MountFilesystem& step, Context& context) {
    FilesystemRequest request = request_of(step);
    if (step.type == "proc") request.pid_namespace = context.pid_namespace.get();
    const std::optional<mode_t> mode = TRY(covered_mode(step, context));
    if (mode) request.data.push_back(format("mode={:o}", *mode));
    Result<Fd> made = step.made_slot >= 0 ? take_slot(step.type, step.made_slot, context)
                      : step.tmp_upper    ? make_with_tmp_upper(request, step.tmp_upper_size)
                                          : make_filesystem(request);
    if (!made) made.error().set_hint(hint_for(step.type, made.error().code()));
    const Fd mount = TRY(std::move(made));
    const Fd target = TRY(open_target(context, step.destination, TargetKind::directory,
                                      step.placement, step.last_link)
                              .at(step.origin, "/destination"));
    TRY(fill(step, context.proc.get(), target.get(), mount.get()));
    if (mode) TRY(set_mode(step, mount.get(), *mode));
    TRY(attach_at(context, mount.get(), target.get(), step.destination, step.changes.propagation));
    TRY(keep_for_readonly(mount.get(), step.readonly_slot, context));
    if (!step.label.empty() && ::setxattr(fd_path(mount.get()).c_str(), "security.selinux",
                                          step.label.data(), step.label.size(), 0) < 0)
        return fail_errno("labelling {} as {}", step.destination, step.label);
    if ((step.superblock_set & MS_I_VERSION) == 0) return {};
    return count_versions(mount.get(), step.superblock_set, request.attributes);
}

Status apply(const Remount& step, Context& context) {
    const Fd mount = TRY(find_in_container(context, step.destination, 0));
    if (!TRY(is_mount_point(mount.get())))
        return failf("{} is not a mount point, so there is nothing to remount", step.destination);
    const auto change = [&] { return remount(step, mount.get()); };
    const uint64_t cleared = step.changes.own.clear | step.changes.tree.clear;
    return (cleared & MOUNT_ATTR_RDONLY) != 0 ? change_delayed(context, change) : change();
}

Status keep_for_readonly(int mount, int slot, Context& context) {
    if (slot < 0) return {};
    const size_t place = static_cast<size_t>(slot);
    if (context.readonly_later.size() <= place) context.readonly_later.resize(place + 1);
    context.readonly_later[place] = Fd(::fcntl(mount, F_DUPFD_CLOEXEC, 3));
    if (!context.readonly_later[place].valid()) return fail_errno("keeping the mount");
    return {};
}

Status apply(const MakeReadonly& step, Context& context) {
    if (step.slot >= context.readonly_later.size())
        return failf("{} was not kept", step.destination);
    const Fd mount = std::move(context.readonly_later[step.slot]);
    if (!mount.valid()) return {};
    return change_mount(mount.get(), MountAttributes{.set = MOUNT_ATTR_RDONLY}, Reach::one_mount);
}

}  // namespace sampan
