// Files: opening, reading whole, writing whole. Every descriptor is close-on-exec from birth.
#pragma once

#include <dirent.h>
#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// openat(2) with O_CLOEXEC added. Pass AT_FDCWD (here: cwd) for a path of the process.
inline constexpr int cwd = -100;
Result<Fd> open_at(int dir, const std::string& path, int flags, mode_t mode = 0);

// The whole content. Works for files of /proc and /sys, whose size is not known; an error beyond
// `limit` bytes.
Result<std::string> read_all(int fd, size_t limit = 16 << 20);
Result<std::string> read_file(int dir, const std::string& path, size_t limit = 16 << 20);

// Writes everything, in one write(2) where the kernel takes it: files of /proc and cgroups need
// that.
Status write_all(int fd, std::string_view data);
// By one write(2), which takes all of it or has failed: what the kernel took in part is not what
// was asked for, and the rest would be another request. `name` is what errors call the file.
Status write_once(int fd, std::string_view data, std::string_view name);
// The same to an existing file, which it opens.
Status write_file(int dir, const std::string& path, std::string_view data);

// Replaces `path` by a file with this content: a hidden temporary name beside it (O_EXCL), then
// rename(2), so that a reader sees the old or the new one, never a half.
Status replace_file(int dir, const std::string& path, std::string_view data, mode_t mode);

// The same for a file that is written once: it has no name before it is whole, so that a kill
// leaves nothing. A file that has the name already goes first, and for a moment there is none; what
// is no regular file is an error.
// (A file system without O_TMPFILE gets replace_file().)
Status place_file(int dir, const std::string& path, std::string_view data, mode_t mode);

// Target of a symbolic link.
Result<std::string> read_link(int dir, const std::string& path);

struct FileIdentity {
    uint64_t device = 0;
    uint64_t inode = 0;
    bool operator==(const FileIdentity&) const = default;
};

Result<struct stat> stat_of(int fd);
// Nothing when the path does not exist. `flags` as fstatat(2).
Result<std::optional<struct stat>> stat_at(int dir, const std::string& path, int flags = 0);

Status make_directory(int dir, const std::string& path, mode_t mode);
// Missing parents too, 0755 less the umask.
Status make_directories(const std::string& path, mode_t mode);
// Whatever the umask is.
Status change_mode(int dir, const std::string& path, mode_t mode);
// Succeeds when there is nothing to remove.
Status remove_file(int dir, const std::string& path);
Status remove_directory(int dir, const std::string& path);
// The directory with what is in it, without following links or crossing into it by name again.
Status remove_tree(int dir, const std::string& path);
// The next entry of an open directory; null at its end, and only there.
Result<const dirent*> next_entry(DIR* stream);
// Names in a directory, without . and .., in no order.
Result<std::vector<std::string>> list_directory(int dir, const std::string& path);

// An absolute, normalised path: against the working directory, links resolved as far as it exists.
Result<std::string> absolute_path(const std::string& path);

}  // namespace sampan
