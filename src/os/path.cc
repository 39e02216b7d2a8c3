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

std::string shown(const Tree& tree, const std::string& path) {
    return tree.mounted_on + path;
}

bool is_mount(const Tree& tree) {
    return !tree.mounted_on.empty();
}

// Below a mount the kernel accepts neither an absolute nor an empty path.
const char* relative(const std::string& path) {
    const size_t first = path.find_first_not_of('/');
    return first == std::string::npos ? "." : path.c_str() + first;
}

Result<Fd> open_resolved(const Tree& tree,
                         const std::string& path,
                         int flags,
                         mode_t mode,
                         uint64_t resolve,
                         std::string_view where = " in the root") {
    // A try takes microseconds, and fails only if a rename happens during it.
    constexpr int most_tries = 10000;
    const char* const name = is_mount(tree) ? relative(path) : path.c_str();
    open_how how{};
    how.flags = static_cast<unsigned>(flags) | O_CLOEXEC;
    how.mode = mode;
    how.resolve = resolve;
    for (int disturbed = 0; disturbed < most_tries;) {
        const long fd = ::syscall(SYS_openat2, tree.top, name, &how, sizeof how);
        if (fd >= 0) return Fd(static_cast<int>(fd));
        // EAGAIN: a rename or mount elsewhere disturbed the walk (openat2(2)).
        if (errno == EAGAIN)
            ++disturbed;
        else if (errno != EINTR)
            return fail_errno("opening {}{}", shown(tree, path), where);
    }
    return fail(format("opening {}{}: folders were renamed under way, {} times in a row",
                       shown(tree, path), where, most_tries),
                EAGAIN)
        .hint("something on this machine renames folders all the time: stop it, or try again");
}

uint64_t bounds_of(const Tree& tree) {
    return is_mount(tree) ? RESOLVE_BENEATH : RESOLVE_IN_ROOT;
}

// The path in the tree to which the link `name` in the directory `parent` (whose path is
// `parent_path`) leads.
Result<std::string> follow(const Tree& tree,
                           int parent,
                           const std::string& parent_path,
                           const std::string& name) {
    std::string target = TRY(read_link(parent, name));
    if (!target.starts_with('/')) return format("{}/{}", parent_path, target);
    if (is_mount(tree))
        return fail(format("following {} in the root", shown(tree, parent_path + "/" + name)),
                    EXDEV);
    return target;
}

Result<Fd> make_directories(const Tree& tree, const std::string& path, mode_t mode, int links_left);

// One step of the way: opens `name` in `here` (whose path is `done`), and makes it if it is
// missing.
Result<Fd> make_next(const Tree& tree,
                     int here,
                     const std::string& done,
                     const std::string& name,
                     mode_t mode,
                     int links_left) {
    const std::string path = format("{}/{}", done, name);
    Result<Fd> next = open_in(tree, path, O_PATH | O_DIRECTORY);
    if (next || next.error().code() != ENOENT) return next;
    if (name == "..") return failf("{}: \"..\" in a path that does not exist", shown(tree, path));
    const int code = TRY(make_told({tree.log, MadeKind::folder, here, name, path},
                                   [&] { return ::mkdirat(here, name.c_str(), mode); }));
    if (code == 0) return open_in(tree, path, O_PATH | O_DIRECTORY);
    if (code != EEXIST)
        return fail(format("creating the directory {} in the root", shown(tree, path)), code);
    // It cannot be opened and yet exists: it is a link that leads nowhere.
    if (links_left == 0) return fail(format("following {} in the root", shown(tree, path)), ELOOP);
    return make_directories(tree, TRY(follow(tree, here, done, name)), mode, links_left - 1);
}

Result<Fd> make_directories(const Tree& tree,
                            const std::string& path,
                            mode_t mode,
                            int links_left) {
    Result<Fd> whole = open_in(tree, path, O_PATH | O_DIRECTORY);
    if (whole || whole.error().code() != ENOENT) return whole;
    std::string done;
    Fd here = TRY(open_in(tree, ".", O_PATH | O_DIRECTORY));
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        here = TRY(make_next(tree, here.get(), done, std::string(part), mode, links_left));
        done = format("{}/{}", done, part);
    }
    return here;
}

Result<Fd> make_file(const Tree& tree, const std::string& path, mode_t mode, int links_left) {
    Result<Fd> existing = open_in(tree, path, O_PATH);
    if (existing || existing.error().code() != ENOENT) return existing;
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
        return failf("{} names no file", shown(tree, path));
    const Fd parent = TRY(make_directories(tree, folder + "/", mode, links_left));
    const int code = TRY(make_told({tree.log, MadeKind::file, parent.get(), name, path},
                                   [&] { return make_empty_file(parent.get(), name, mode); }));
    if (code == 0) return open_at(parent.get(), name, O_PATH | O_NOFOLLOW);
    if (code != EEXIST)
        return fail(format("creating the file {} in the root", shown(tree, path)), code);
    if (links_left == 0) return fail(format("following {} in the root", shown(tree, path)), ELOOP);
    return make_file(tree, TRY(follow(tree, parent.get(), folder, name)), mode, links_left - 1);
}

}  // namespace

int make_empty_file(int parent, const std::string& name, mode_t mode) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return Fd(::openat(parent, name.c_str(), flags, mode)).valid() ? 0 : -1;
}

Result<Fd> open_in(const Tree& tree, const std::string& path, int flags, mode_t mode) {
    return open_resolved(tree, path, flags, mode, bounds_of(tree) | RESOLVE_NO_MAGICLINKS);
}

// Within these bounds the kernel follows no magic links either, as with RESOLVE_NO_MAGICLINKS, but
// reports it by another error (openat2(2)).
Result<bool> has_magic_link(const Tree& tree, const std::string& path) {
    const Result<Fd> found = open_resolved(tree, path, O_PATH, 0, bounds_of(tree));
    if (found) return failf("{} in the root has changed", shown(tree, path));
    return found.error().code() == EXDEV;
}

Result<Fd> open_without_links(const Tree& tree, const std::string& path, int flags) {
    return open_resolved(tree, path, flags, 0, bounds_of(tree) | RESOLVE_NO_SYMLINKS);
}

Result<Fd> open_on_one_mount(const Tree& tree, const std::string& path, int flags) {
    return open_resolved(tree, path, flags, 0,
                         bounds_of(tree) | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

Result<Fd> open_beneath(int dir, const std::string& path, int flags) {
    return open_resolved({dir}, path, flags, 0,
                         RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS, "");
}

Result<Fd> make_directories_in(const Tree& tree, const std::string& path, mode_t mode) {
    return make_directories(tree, path, mode, max_links);
}

Result<Fd> make_file_in(const Tree& tree, const std::string& path, mode_t mode) {
    return make_file(tree, path, mode, max_links);
}

Result<Fd> reopen_regular(int proc, int path_fd) {
    if (!S_ISREG(TRY(stat_of(path_fd)).st_mode)) return failf("it is not a regular file");
    // Does not block: a lease, or a file system that somebody else serves, could make us wait.
    return open_at(proc, format("self/fd/{}", path_fd), O_RDONLY | O_NONBLOCK | O_NOCTTY);
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

bool is_below(std::string_view path, std::string_view folder) {
    if (folder == "/") return path.size() > 1;
    return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool is_within(std::string_view path, std::string_view folder) {
    return path == folder || is_below(path, folder);
}

}  // namespace sampan
