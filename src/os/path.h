// Paths inside a tree that is not trusted: resolved by the kernel below a root, used through a
// descriptor (CVE-2021-30465, CVE-2019-19921 and their kin: any folder of an image may be a link).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"
#include "os/made.h"

namespace sampan {

// The container's root, or a mount in it that is held by its descriptor, wherever it is by now.
struct Tree {
    int top = -1;  // O_PATH
    // The path of the root at which the mount was made, for errors; "" for the root itself. Links
    // and ".." inside of the root stop at it, while none may lead out of a mount (EXDEV): where it
    // leads then is a matter of the root.
    std::string mounted_on = {};
    const MadeLog* log = nullptr;  // of what is made in it; null where nobody has to undo that
};

// openat2(2) with RESOLVE_IN_ROOT or RESOLVE_BENEATH. Magic links are refused.
Result<Fd> open_in(const Tree& tree, const std::string& path, int flags, mode_t mode = 0);
inline Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode = 0) {
    return open_in({root}, path, flags, mode);
}

// The same, with no link anywhere on the way (RESOLVE_NO_SYMLINKS): ELOOP where there is one.
Result<Fd> open_without_links(const Tree& tree, const std::string& path, int flags);

// As open_in(), on the mount of the tree's top alone (RESOLVE_NO_XDEV): EXDEV where the way leads
// onto another.
Result<Fd> open_on_one_mount(const Tree& tree, const std::string& path, int flags);

// True where open_in() fails with ELOOP for a magic link, and not for a circle of links.
Result<bool> has_magic_link(const Tree& tree, const std::string& path);

// A file below `dir` on the same mount, without any link or ".." that leads out: for files of
// /proc and of cgroups.
Result<Fd> open_beneath(int dir, const std::string& path, int flags);

// The directory `path` of the tree as an O_PATH descriptor; missing directories are made with
// `mode` (owner as the process), one by one through descriptors. A link that leads nowhere gets the
// directory that it names, inside the root.
Result<Fd> make_directories_in(const Tree& tree, const std::string& path, mode_t mode = 0755);

// An O_PATH descriptor of `path`, created as an empty regular file when missing (at the other end
// of a link, inside the root, if `path` is one that leads nowhere).
Result<Fd> make_file_in(const Tree& tree, const std::string& path, mode_t mode = 0755);

// As mkdirat(2). O_EXCL does not follow a last link: nothing is made through one that was put there
// just now.
int make_empty_file(int parent, const std::string& name, mode_t mode);

// For reading: what `path_fd` (O_PATH) refers to, if that is a regular file. Nothing else of a
// root may ever be opened: opening alone makes a device act, and a fifo wait. `proc` is a procfs
// that was checked.
Result<Fd> reopen_regular(int proc, int path_fd);

// A path of /proc/self/fd through which old system calls can name what `fd` refers to. The caller
// knows that /proc is the real one.
std::string fd_path(int fd);

// Joined and cleaned of ".", empty parts and ".." (which stop at "/"), without touching the system.
std::string clean_path(std::string_view path);

}  // namespace sampan
