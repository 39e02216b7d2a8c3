#include "os/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "os/interruption.h"

namespace sampan {

static_assert(cwd == AT_FDCWD);

Result<Fd> open_at(int dir, const std::string& path, int flags, mode_t mode) {
    while (true) {
        Fd fd(::openat(dir, path.c_str(), flags | O_CLOEXEC, mode));
        if (fd.valid()) return fd;
        if (!is_to_be_repeated()) return fail_errno("opening {}", path);
    }
}

Result<std::string> read_all(int fd, size_t limit) {
    constexpr size_t step = 16384;
    std::string text;
    while (true) {
        const size_t used = text.size();
        ssize_t got = 0;
        // Not resize(), which would first fill the memory that read(2) fills.
        text.resize_and_overwrite(used + step, [&](char* data, size_t) {
            got = ::read(fd, data + used, step);
            return used + static_cast<size_t>(std::max<ssize_t>(got, 0));
        });
        if (got < 0 && is_to_be_repeated()) continue;
        if (got < 0) return fail_errno("reading");
        if (got == 0) return text;
        if (text.size() > limit) return failf("larger than {} bytes", limit);
    }
}

Result<std::string> read_file(int dir, const std::string& path, size_t limit) {
    const Fd fd = TRY(open_at(dir, path, O_RDONLY));
    return read_all(fd.get(), limit).in(path);
}

Status write_all(int fd, std::string_view data) {
    do {
        const ssize_t put = ::write(fd, data.data(), data.size());
        if (put < 0 && is_to_be_repeated()) continue;
        if (put < 0) return fail_errno("writing");
        data.remove_prefix(static_cast<size_t>(put));
    } while (!data.empty());
    return {};
}

Status write_once(int fd, std::string_view data, std::string_view name) {
    const ssize_t put = ::write(fd, data.data(), data.size());
    if (put < 0) return fail_errno("writing \"{}\" to {}", trim(data), name);
    if (static_cast<size_t>(put) == data.size()) return {};
    return failf("writing \"{}\" to {}: only {} of {} bytes were taken", trim(data), name, put,
                 data.size());
}

Status write_file(int dir, const std::string& path, std::string_view data) {
    const Fd fd = TRY(open_at(dir, path, O_WRONLY));
    return write_once(fd.get(), data, path);
}

Status replace_file(int dir, const std::string& path, std::string_view data, mode_t mode) {
    const size_t slash = path.rfind('/');
    const size_t name = slash == std::string::npos ? 0 : slash + 1;
    const std::string temporary =
        format("{}.{}.{}", path.substr(0, name), path.substr(name), ::getpid());
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    Result<Fd> opened = open_at(dir, temporary, flags, mode);
    if (!opened && opened.error().code() == EEXIST) {
        // What a killed process with the same pid has left.
        (void)::unlinkat(dir, temporary.c_str(), 0);
        opened = open_at(dir, temporary, flags, mode);
    }
    const Fd fd = TRY(std::move(opened));
    Status written = write_all(fd.get(), data).in(path);
    if (written && ::renameat(dir, temporary.c_str(), dir, path.c_str()) < 0)
        written = fail_errno("renaming {} to {}", temporary, path);
    if (!written) (void)::unlinkat(dir, temporary.c_str(), 0);
    return written;
}

namespace {

// A device or a FIFO in its place was certainly not meant to be replaced, such as /dev/full.
Status check_may_replace(int dir, const std::string& path) {
    const auto there = TRY(stat_at(dir, path, 0));
    if (!there || S_ISREG(there->st_mode)) return {};
    return failf("{} exists and is not a regular file", path);
}

}  // namespace

Status place_file(int dir, const std::string& path, std::string_view data, mode_t mode) {
    TRY(check_may_replace(dir, path));
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Result<Fd> fd = open_at(dir, folder, O_WRONLY | O_TMPFILE, mode);
    if (!fd) return replace_file(dir, path, data, mode);
    TRY(write_all(fd->get(), data).in(path));
    const std::string nameless = format("/proc/self/fd/{}", fd->get());
    constexpr int most_tries = 100;
    for (int tries = 0; tries < most_tries; ++tries) {
        if (::linkat(cwd, nameless.c_str(), dir, path.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
        if (errno != EEXIST) break;
        TRY(remove_file(dir, path));
    }
    return fail_errno("making {}", path);
}

Result<std::string> read_link(int dir, const std::string& path) {
    std::string target(PATH_MAX, '\0');
    const ssize_t length = ::readlinkat(dir, path.c_str(), target.data(), target.size());
    if (length < 0) return fail_errno("reading the link {}", path);
    target.resize(static_cast<size_t>(length));
    return target;
}

Result<struct stat> stat_of(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) < 0) return fail_errno("fstat");
    return info;
}

Result<std::optional<struct stat>> stat_at(int dir, const std::string& path, int flags) {
    struct stat info {};
    if (::fstatat(dir, path.c_str(), &info, flags) == 0) return info;
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return fail_errno("stat {}", path);
}

Status make_directory(int dir, const std::string& path, mode_t mode) {
    if (::mkdirat(dir, path.c_str(), mode) < 0)
        return fail_errno("creating the directory {}", path);
    return {};
}

Status make_directories(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0) return {};
    if (errno == EEXIST) {
        const std::optional<struct stat> info = TRY(stat_at(cwd, path));
        if (info && S_ISDIR(info->st_mode)) return {};
        return fail(format("creating the directory {}", path), ENOTDIR);
    }
    const size_t slash = path.find_last_of('/');
    if (errno != ENOENT || slash == std::string::npos || slash == 0)
        return fail_errno("creating the directory {}", path);
    TRY(make_directories(path.substr(0, slash), 0755));
    if (::mkdir(path.c_str(), mode) < 0 && errno != EEXIST)
        return fail_errno("creating the directory {}", path);
    return {};
}

Status change_mode(int dir, const std::string& path, mode_t mode) {
    if (::fchmodat(dir, path.c_str(), mode, 0) < 0)
        return fail_errno("changing the mode of {}", path);
    return {};
}

Status remove_file(int dir, const std::string& path) {
    if (::unlinkat(dir, path.c_str(), 0) < 0 && errno != ENOENT)
        return fail_errno("removing {}", path);
    return {};
}

Status remove_directory(int dir, const std::string& path) {
    if (::unlinkat(dir, path.c_str(), AT_REMOVEDIR) < 0 && errno != ENOENT)
        return fail_errno("removing the directory {}", path);
    return {};
}

Result<const dirent*> next_entry(DIR* stream) {
    // readdir(3) returns null both at the end and on failure.
    errno = 0;
    const dirent* entry = ::readdir(stream);
    if (entry == nullptr && errno != 0) return fail_errno("listing a directory");
    return entry;
}

Result<std::vector<std::string>> list_directory(int dir, const std::string& path, size_t most) {
    Fd fd = TRY(open_at(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), &::closedir);
    if (!stream) return fail_errno("listing {}", path);
    (void)fd.release();  // closedir closes it
    std::vector<std::string> names;
    while (names.size() < most) {
        const dirent* const entry = TRY(next_entry(stream.get()).in(path));
        if (entry == nullptr) break;
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    return names;
}

Status remove_tree(int dir, const std::string& path) {
    if (::unlinkat(dir, path.c_str(), 0) == 0 || errno == ENOENT) return {};
    if (errno != EISDIR && errno != EPERM) return fail_errno("removing {}", path);
    const Fd fd = TRY(open_at(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    for (const std::string& name : TRY(list_directory(fd.get(), ".")))
        TRY(remove_tree(fd.get(), name));
    return remove_directory(dir, path);
}

Result<std::string> absolute_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr),
                                                      &std::free);
    if (real) return std::string(real.get());
    return fail_errno("finding {}", path);
}

}  // namespace sampan
