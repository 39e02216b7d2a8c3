#include "os/path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

constexpr int max_links = 40;  // as the kernel's own limit

Result<Fd> open_resolved(
    int root, const std::string& path, int flags, mode_t mode, uint64_t resolve) {
    open_how how{};
    how.flags = static_cast<unsigned>(flags) | O_CLOEXEC;
    how.mode = mode;
    how.resolve = resolve;
    while (true) {
        const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
        if (fd >= 0) return Fd(static_cast<int>(fd));
        // EAGAIN: a rename or mount elsewhere disturbed the walk (openat2(2)).
        if (errno != EINTR && errno != EAGAIN) return fail_errno("opening {} in the root", path);
    }
}

// Where the link `name` in the directory `parent` (its path is `parent_path`) leads, as a path of
// the root.
Result<std::string> follow(int parent, const std::string& parent_path, const std::string& name) {
    Result<std::string> target = read_link(parent, name);
    if (target && !target->starts_with('/')) target = format("{}/{}", parent_path, *target);
    return target;
}

Result<Fd> make_directories(int root, const std::string& path, mode_t mode, int links_left);

// One step of the way: `name` in `here`, which is `done`, made when missing.
Result<Fd> make_next(int root,
                     int here,
                     const std::string& done,
                     const std::string& name,
                     mode_t mode,
                     int links_left) {
    const std::string path = format("{}/{}", done, name);
    Result<Fd> next = open_in_root(root, path, O_PATH | O_DIRECTORY);
    if (next || next.error().code() != ENOENT) return next;
    if (name == "..") return failf("{}: \"..\" in a path that does not exist", path);
    if (::mkdirat(here, name.c_str(), mode) == 0)
        return open_in_root(root, path, O_PATH | O_DIRECTORY);
    if (errno != EEXIST) return fail_errno("creating the directory {} in the root", path);
    // It opens as missing and is there all the same: a link that leads nowhere.
    if (links_left == 0) return fail(format("following {} in the root", path), ELOOP);
    return make_directories(root, TRY(follow(here, done, name)), mode, links_left - 1);
}

Result<Fd> make_directories(int root, const std::string& path, mode_t mode, int links_left) {
    Result<Fd> whole = open_in_root(root, path, O_PATH | O_DIRECTORY);
    if (whole || whole.error().code() != ENOENT) return whole;
    std::string done;
    Fd here = TRY(open_in_root(root, ".", O_PATH | O_DIRECTORY));
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        here = TRY(make_next(root, here.get(), done, std::string(part), mode, links_left));
        done = format("{}/{}", done, part);
    }
    return here;
}

Result<Fd> make_file(int root, const std::string& path, mode_t mode, int links_left) {
    Result<Fd> existing = open_in_root(root, path, O_PATH);
    if (existing || existing.error().code() != ENOENT) return existing;
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..") return failf("{} names no file", path);
    const Fd parent = TRY(make_directories(root, folder + "/", mode, links_left));
    // O_EXCL does not follow a last link: nothing is made through one that was put there just now.
    const Result<Fd> made =
        open_at(parent.get(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (made) return open_at(parent.get(), name, O_PATH | O_NOFOLLOW);
    if (made.error().code() != EEXIST)
        return fail(format("creating the file {} in the root", path), made.error().code());
    if (links_left == 0) return fail(format("following {} in the root", path), ELOOP);
    return make_file(root, TRY(follow(parent.get(), folder, name)), mode, links_left - 1);
}

}  // namespace

Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode) {
    return open_resolved(root, path, flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

// Below a root the kernel follows magic links no more than with RESOLVE_NO_MAGICLINKS, but says so
// by another error (openat2(2)).
Result<bool> has_magic_link(int root, const std::string& path) {
    const Result<Fd> found = open_resolved(root, path, O_PATH, 0, RESOLVE_IN_ROOT);
    if (found) return failf("{} in the root has changed", path);
    return found.error().code() == EXDEV;
}

Result<Fd> open_without_links(int root, const std::string& path, int flags) {
    return open_resolved(root, path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

Result<Fd> open_beneath(int dir, const std::string& path, int flags) {
    return open_resolved(dir, path, flags, 0,
                         RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
}

Result<Fd> make_directories_in_root(int root, const std::string& path, mode_t mode) {
    return make_directories(root, path, mode, max_links);
}

Result<ParentAndName> make_parent_in_root(int root, const std::string& path) {
    const std::string clean = clean_path(path);
    const size_t slash = clean.rfind('/');
    if (clean == "/") return failf("{} names the root itself", path);
    Fd parent = TRY(make_directories_in_root(root, clean.substr(0, slash + 1)));
    return ParentAndName{std::move(parent), clean.substr(slash + 1)};
}

Result<Fd> make_file_in_root(int root, const std::string& path, mode_t mode) {
    return make_file(root, path, mode, max_links);
}

std::string fd_path(int fd) {
    return format("/proc/self/fd/{}", fd);
}

std::string clean_path(std::string_view path) {
    std::vector<std::string_view> kept;
    for (const std::string_view part : split(path, '/')) {
        if (part == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (!part.empty() && part != ".") {
            kept.push_back(part);
        }
    }
    std::string clean;
    for (const std::string_view part : kept) {
        clean += '/';
        clean += part;
    }
    return clean.empty() ? "/" : clean;
}

}  // namespace sampan
