// Files: opening, reading whole, writing whole. Every descriptor is close-on-exec from the
// beginning.
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

// Reads the whole content, of files in /proc and /sys too, whose size is not known. More than
// `limit` bytes are an error.
Result<std::string> read_all(int fd, size_t limit = 16 << 20);
Result<std::string> read_file(int dir, const std::string& path, size_t limit = 16 << 20);

// Writes everything, by one write(2) if the kernel takes it whole: files of /proc and cgroups need
// that.
Status write_all(int fd, std::string_view data);
// Writes `data` by exactly one write(2). If the kernel takes only a part, that is an error: the
// part is not what was asked for, and the rest would be another request. `name` is what errors call
// the file.
Status write_once(int fd, std::string_view data, std::string_view name);
// The same for an existing file, which it opens.
Status write_file(int dir, const std::string& path, std::string_view data);

// Replaces `path` by a file with this content. The file is written under a hidden temporary name
// beside it (O_EXCL) and then renamed, so that a reader sees either the old or the new file, never
// a part.
Status replace_file(int dir, const std::string& path, std::string_view data, mode_t mode);

// The same for a file that is written once. The file gets its name only when it is complete, so
// that a kill leaves nothing. An older file of that name is removed first, and for a moment there
// is none. It is an error if something else than a regular file has the name. (On a file system
// without O_TMPFILE, replace_file() is used.)
Status place_file(int dir, const std::string& path, std::string_view data, mode_t mode);

// The target of a symbolic link.
Result<std::string> read_link(int dir, const std::string& path);

struct FileIdentity {
    uint64_t device = 0;
    uint64_t inode = 0;
    bool operator==(const FileIdentity&) const = default;
};

Result<struct stat> stat_of(int fd);
// Nothing if the path does not exist. `flags` are those of fstatat(2).
Result<std::optional<struct stat>> stat_at(int dir, const std::string& path, int flags = 0);

Status make_directory(int dir, const std::string& path, mode_t mode);
// Makes the directory and its missing parents, with mode 0755 less the umask.
Status make_directories(const std::string& path, mode_t mode);
// Sets the mode, whatever the umask.
Status change_mode(int dir, const std::string& path, mode_t mode);
// Succeeds also if there is nothing to remove.
Status remove_file(int dir, const std::string& path);
Status remove_directory(int dir, const std::string& path);
// Removes a directory and everything in it. Links are not followed, and each directory is opened
// only once, by descriptor.
Status remove_tree(int dir, const std::string& path);
// The next entry of an open directory; null at its end and only there.
Result<const dirent*> next_entry(DIR* stream);
// The names in a directory, without . and .., in no particular order; the first `most` of them.
Result<std::vector<std::string>> list_directory(int dir,
                                                const std::string& path,
                                                size_t most = SIZE_MAX);

// An absolute, normalised path. A relative one starts at the working directory; links are resolved
// as far as the path exists.
Result<std::string> absolute_path(const std::string& path);

}  // namespace sampan
