// Paths inside a tree that is not trusted: any folder of an image may be a link (CVE-2021-30465,
// CVE-2019-19921 and similar ones). The kernel resolves a path once, below a root; from then on
// only the descriptor is used.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"
#include "os/made.h"

namespace sampan {

// The container's root, or a mount in it. We hold it by its descriptor, wherever it has been moved.
struct Tree {
    int top = -1;  // O_PATH
    // For errors: the path in the root at which the mount was made; "" for the root itself. In the
    // root, links and ".." stop at it. A path that would lead out of a mount is an error (EXDEV):
    // where it leads then depends on the root.
    std::string mounted_on = {};
    const MadeLog* log = nullptr;  // reports what is made in it; null if nobody will undo that
};

// openat2(2) with RESOLVE_IN_ROOT or RESOLVE_BENEATH. Magic links are refused.
Result<Fd> open_in(const Tree& tree, const std::string& path, int flags, mode_t mode = 0);
inline Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode = 0) {
    return open_in({root}, path, flags, mode);
}

// The same, but any link on the way is an error (RESOLVE_NO_SYMLINKS): ELOOP.
Result<Fd> open_without_links(const Tree& tree, const std::string& path, int flags);

// Like open_in(), but stays on the mount of the tree's top (RESOLVE_NO_XDEV): EXDEV if the path
// leads to another mount.
Result<Fd> open_on_one_mount(const Tree& tree, const std::string& path, int flags);

// True if open_in() fails with ELOOP because of a magic link, not because links form a circle.
Result<bool> has_magic_link(const Tree& tree, const std::string& path);

// Opens a file below `dir` on the same mount, with no link and no ".." that leads out: for files of
// /proc and of cgroups.
Result<Fd> open_beneath(int dir, const std::string& path, int flags);

// An O_PATH descriptor of the directory `path`. Missing directories are made with `mode` (and the
// owner of the process), one by one through descriptors. If a link leads nowhere, the directory
// that it names is made, inside the root.
Result<Fd> make_directories_in(const Tree& tree, const std::string& path, mode_t mode = 0755);

// An O_PATH descriptor of the file `path`. If it is missing, it is made as an empty regular file;
// if `path` is a link that leads nowhere, the file that it names is made, inside the root.
Result<Fd> make_file_in(const Tree& tree, const std::string& path, mode_t mode = 0755);

// Makes an empty file like mkdirat(2). O_EXCL does not follow a link as the last part, so that
// nothing is made through a link that was put there just now.
int make_empty_file(int parent, const std::string& name, mode_t mode);

// Opens for reading what `path_fd` (O_PATH) refers to, if that is a regular file. Nothing else of a
// root may ever be opened: merely to open a device may have an effect, and to open a fifo waits.
// `proc` is a procfs that was checked.
Result<Fd> reopen_regular(int proc, int path_fd);

// A path in /proc/self/fd by which old system calls can name what `fd` refers to. The caller knows
// that /proc is the real one.
std::string fd_path(int fd);

// Removes ".", empty parts and ".." (which stop at "/"), without touching the system.
std::string clean_path(std::string_view path);

// Of clean, absolute paths: whether `path` is `folder` or below it, or truly below it. Links are
// not looked at.
bool is_within(std::string_view path, std::string_view folder);
bool is_below(std::string_view path, std::string_view folder);

}  // namespace sampan
