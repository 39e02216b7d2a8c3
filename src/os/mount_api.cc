#include "os/mount_api.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/text.h"
#include "os/remount.h"

namespace sampan {

Result<FsContext> FsContext::open(const std::string& type) {
    Fd fd(::fsopen(type.c_str(), FSOPEN_CLOEXEC));
    if (!fd.valid()) {
        if (errno == ENODEV) return failf("the kernel has no file system of type {}", type);
        return fail_errno("opening a file system of type {}", type);
    }
    return FsContext(std::move(fd), type);
}

Result<FsContext> FsContext::pick(int mount) {
    Fd fd(::fspick(mount, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH));
    if (!fd.valid()) return fail_errno("opening the mounted file system for a change");
    return FsContext(std::move(fd), "the file system");
}

Failure FsContext::failure(std::string what) const {
    const int code = errno;
    char text[512];
    // Each read returns one line, "e message"; the last line is nearest to the cause.
    std::string reason;
    for (ssize_t got = 0; (got = ::read(fd_.get(), text, sizeof text)) > 2;)
        if (text[0] == 'e') reason.assign(text + 2, static_cast<size_t>(got) - 2);
    if (!reason.empty()) what += format(" ({})", trim(reason));
    return fail(std::move(what), code);
}

Status FsContext::set_flag(const std::string& key) {
    if (::fsconfig(fd_.get(), FSCONFIG_SET_FLAG, key.c_str(), nullptr, 0) < 0)
        return failure(format("{} refuses the option \"{}\"", type_, key));
    return {};
}

Status FsContext::set_string(const std::string& key, const std::string& value) {
    if (::fsconfig(fd_.get(), FSCONFIG_SET_STRING, key.c_str(), value.c_str(), 0) < 0)
        return failure(format("{} refuses the option \"{}={}\"", type_, key, value));
    return {};
}

Status FsContext::set_fd(const std::string& key, int fd) {
    if (::fsconfig(fd_.get(), FSCONFIG_SET_FD, key.c_str(), nullptr, fd) < 0)
        return failure(format("{} refuses the option \"{}\"", type_, key));
    return {};
}

Status FsContext::create() {
    if (::fsconfig(fd_.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) < 0)
        return failure(format("making a file system of type {}", type_));
    return {};
}

Status FsContext::reconfigure() {
    if (::fsconfig(fd_.get(), FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr, 0) < 0)
        return failure("changing the mounted file system");
    return {};
}

Result<Fd> FsContext::mount(uint64_t attributes) {
    Fd mount(::fsmount(fd_.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes)));
    if (mount.valid()) return mount;
    // Before Linux 5.14 it takes all others.
    const uint64_t others = attributes & ~uint64_t{MOUNT_ATTR_NOSYMFOLLOW};
    if (errno != EINVAL || others == attributes)
        return failure(format("making a mount of type {}", type_));
    Fd changed = TRY(this->mount(others));
    TRY(change_mount(changed.get(), {.set = MOUNT_ATTR_NOSYMFOLLOW}, Reach::one_mount));
    return changed;
}

Result<Fd> clone_tree(int dir, const std::string& path, unsigned flags) {
    Fd tree(::open_tree(dir, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags));
    if (!tree.valid()) {
        if (path.empty()) return fail_errno("copying a mount");
        return fail_errno("copying the mount at {}", path);
    }
    return tree;
}

std::optional<bool> is_root_of_mount(int fd) {
    struct statx facts {};
    if (::statx(fd, "", AT_EMPTY_PATH, 0, &facts) < 0) return std::nullopt;
    if ((facts.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) == 0) return std::nullopt;
    return (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool is_seen_at(const std::string& path, uint64_t id) {
    struct statx facts {};
    constexpr int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
    if (::statx(AT_FDCWD, path.c_str(), flags, STATX_MNT_ID, &facts) < 0)
        // A mount that covers a folder above may not contain the path, or may forbid access.
        return errno != ENOENT && errno != ENOTDIR && errno != EACCES;
    return (facts.stx_mask & STATX_MNT_ID) == 0 || facts.stx_mnt_id == id;
}

Result<PlaceIdentity> place_of_fd(int fd) {
    struct statx facts {};
    if (::statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, &facts) < 0)
        return fail_errno("looking at a place among the mounts");
    return PlaceIdentity{.mount = facts.stx_mnt_id,
                         .device = makedev(facts.stx_dev_major, facts.stx_dev_minor),
                         .inode = facts.stx_ino};
}

Result<MountIdentity> identify_mount(int fd) {
    constexpr unsigned unique_id = 0x4000;  // STATX_MNT_ID_UNIQUE
    const PlaceIdentity place = TRY(place_of_fd(fd));
    MountIdentity identity{
        .id = place.mount, .unique = 0, .device = place.device, .inode = place.inode};
    struct statx facts {};
    if (::statx(fd, "", AT_EMPTY_PATH, unique_id, &facts) < 0)
        return fail_errno("looking at a mount");
    if ((facts.stx_mask & unique_id) != 0) identity.unique = facts.stx_mnt_id;
    return identity;
}

bool is_same_mount(const MountIdentity& a, const MountIdentity& b) {
    if (a.unique != 0 && b.unique != 0) return a.unique == b.unique;
    return a == b;
}

Status attach_mount(int mount, int target) {
    if (::move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
        return fail_errno("attaching the mount");
    return {};
}

// mount_setattr(2) exists since Linux 5.12, and takes MOUNT_ATTR_NOSYMFOLLOW since 5.14.
Status change_mount(int mount, const MountAttributes& attributes, Reach reach) {
    static bool is_missing = false;
    if (is_missing) return change_by_remount(mount, attributes, reach);
    mount_attr change{};
    change.attr_set = attributes.set;
    change.attr_clr = attributes.clear;
    change.propagation = attributes.propagation;
    if (attributes.userns_fd >= 0) change.userns_fd = static_cast<uint64_t>(attributes.userns_fd);
    const unsigned flags = AT_EMPTY_PATH | (reach == Reach::whole_tree ? AT_RECURSIVE : 0U);
    if (::mount_setattr(mount, "", flags, &change, sizeof change) == 0) return {};
    is_missing = errno == ENOSYS;
    const bool is_partial =
        errno == EINVAL && ((attributes.set | attributes.clear) & MOUNT_ATTR_NOSYMFOLLOW) != 0;
    if (!is_missing && !is_partial) return fail_errno("changing the attributes of the mount");
    return change_by_remount(mount, attributes, reach);
}

Status change_propagation(const std::string& path, unsigned long flags) {
    if (::mount(nullptr, path.c_str(), nullptr, flags, nullptr) < 0)
        return fail_errno("changing the propagation of {}", path);
    return {};
}

Status unmount_lazily(const std::string& path) {
    if (::umount2(path.c_str(), MNT_DETACH) < 0) return fail_errno("unmounting {}", path);
    return {};
}

Status pivot_to_cwd() {
    if (::syscall(SYS_pivot_root, ".", ".") < 0) return fail_errno("pivot_root");
    return {};
}

}  // namespace sampan
