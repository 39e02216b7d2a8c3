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

// The directory `path` below `root` as an O_PATH descriptor; missing directories are made with
// `mode` (owner as the process), one by one through descriptors.
Result<Fd> make_directories_in_root(int root, const std::string& path, mode_t mode = 0755);

struct ParentAndName {
    Fd parent;  // O_PATH, below the root
    std::string name;
};
// The directory that holds `path` (made when missing) and the last name, not resolved.
Result<ParentAndName> make_parent_in_root(int root, const std::string& path);

// An O_PATH descriptor of `path`, created as an empty regular file when missing.
Result<Fd> make_file_in_root(int root, const std::string& path, mode_t mode = 0755);

// A path of /proc/self/fd through which old system calls can name what `fd` refers to. The caller
// knows that /proc is the real one.
std::string fd_path(int fd);

// Joined and cleaned of ".", empty parts and ".." (which stop at "/"), without touching the system.
std::string clean_path(std::string_view path);

}  // namespace sampan
