// Paths inside a tree that is not trusted: resolved by the kernel below a root, used through a
// descriptor (CVE-2021-30465, CVE-2019-19921 and their kin: any folder of an image may be a link).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// openat2(2) with RESOLVE_IN_ROOT: links and ".." cannot leave `root`. Magic links are refused.
Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode = 0);

// The same, with no link anywhere on the way (RESOLVE_NO_SYMLINKS): ELOOP where there is one.
Result<Fd> open_without_links(int root, const std::string& path, int flags);

// True where open_in_root() fails with ELOOP for a magic link, and not for a circle of links.
Result<bool> has_magic_link(int root, const std::string& path);

// A file below `dir` on the same mount, without any link or ".." that leads out: for files of
// /proc.
Result<Fd> open_beneath(int dir, const std::string& path, int flags);

// The directory `path` below `root` as an O_PATH descriptor; missing directories are made with
// `mode` (owner as the process), one by one through descriptors. A link that leads nowhere gets the
// directory that it names, inside the root.
Result<Fd> make_directories_in_root(int root, const std::string& path, mode_t mode = 0755);

struct ParentAndName {
    Fd parent;  // O_PATH, below the root
    std::string name;
};
// The directory that holds `path` (made when missing) and the last name, not resolved.
Result<ParentAndName> make_parent_in_root(int root, const std::string& path);

// An O_PATH descriptor of `path`, created as an empty regular file when missing (at the other end
// of a link, inside the root, if `path` is one that leads nowhere).
Result<Fd> make_file_in_root(int root, const std::string& path, mode_t mode = 0755);

// A path of /proc/self/fd through which old system calls can name what `fd` refers to. The caller
// knows that /proc is the real one.
std::string fd_path(int fd);

// Joined and cleaned of ".", empty parts and ".." (which stop at "/"), without touching the system.
std::string clean_path(std::string_view path);

}  // namespace sampan
