// The mount system calls that use descriptors (fsopen(2), open_tree(2), move_mount(2),
// mount_setattr(2)). A mount is built detached and attached last: if it is never attached, it
// vanishes with its Fd.
#pragma once

#include <linux/mount.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// A file system being configured.
class FsContext {
  public:
    static Result<FsContext> open(const std::string& type);
    // For changing the file system that is mounted at `mount` (its root); reconfigure() applies the
    // changes.
    static Result<FsContext> pick(int mount);
    Status set_flag(const std::string& key);
    Status set_string(const std::string& key, const std::string& value);
    Status set_fd(const std::string& key, int fd);
    Status create();
    Status reconfigure();
    // Makes the detached mount; `attributes` are MOUNT_ATTR_* bits.
    Result<Fd> mount(uint64_t attributes);

  private:
    explicit FsContext(Fd fd, std::string type) : fd_(std::move(fd)), type_(std::move(type)) {}
    // The failure with the reason that the file system has written into the context's log, if any.
    Failure failure(std::string what) const;
    Fd fd_;
    std::string type_;
};

// A detached copy of the mount at (dir, path): OPEN_TREE_CLONE, with AT_RECURSIVE if `flags` has
// it. With AT_EMPTY_PATH and an empty path it is a copy of `dir` itself.
Result<Fd> clone_tree(int dir, const std::string& path, unsigned flags);

// Whether the mount with the number `id`, which mountinfo lists at `path`, is the one that is seen
// there and not covered by another one. True if that cannot be known: whoever then uses the path
// gets an error with the reason.
bool is_seen_at(const std::string& path, uint64_t id);
using IsSeenAt = std::function<bool(const std::string& path, uint64_t id)>;

// What a descriptor refers to: which file, seen through which mount.
struct PlaceIdentity {
    uint64_t mount = 0;
    uint64_t device = 0;
    uint64_t inode = 0;
    bool operator==(const PlaceIdentity&) const = default;
};
Result<PlaceIdentity> place_of_fd(int fd);

// One mount among all that the kernel has, or had.
struct MountIdentity {
    uint64_t id = 0;      // as in mountinfo; the kernel gives it again to a later mount
    uint64_t unique = 0;  // is never given again; 0 before Linux 6.8
    uint64_t device = 0;  // with `inode`, the mount's root
    uint64_t inode = 0;
    bool operator==(const MountIdentity&) const = default;
};
// `fd` refers to the root of a mount.
Result<MountIdentity> identify_mount(int fd);
bool is_same_mount(const MountIdentity& a, const MountIdentity& b);

// Whether `fd` refers to the root of a mount. Nothing if the kernel does not say (before
// Linux 5.8).
std::optional<bool> is_root_of_mount(int fd);

// Attaches a detached mount to what `target` (an O_PATH descriptor) refers to.
Status attach_mount(int mount, int target);

// Sets and clears MOUNT_ATTR_* bits, and sets the propagation (MS_SHARED …; 0 leaves it). With
// `recursive`, for all mounts below too.
struct MountAttributes {
    uint64_t set = 0;
    uint64_t clear = 0;
    uint64_t propagation = 0;
    int userns_fd = -1;  // with MOUNT_ATTR_IDMAP in set
    bool operator==(const MountAttributes&) const = default;
};
enum class Reach { one_mount, whole_tree };
Status change_mount(int mount, const MountAttributes& attributes, Reach reach);

// Changes the propagation of every mount at and below `path`.
Status change_propagation(const std::string& path, unsigned long flags);
Status unmount_lazily(const std::string& path);
// pivot_root(".", "."): the working directory becomes the root, with the old root mounted over it.
Status pivot_to_cwd();

}  // namespace sampan
