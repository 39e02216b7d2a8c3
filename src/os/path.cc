#include "os/path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

Result<Fd> open_in_root(int root, const std::string& path, int flags, mode_t mode) {
    open_how how{};
    how.flags = static_cast<unsigned>(flags) | O_CLOEXEC;
    how.mode = mode;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    while (true) {
        const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
        if (fd >= 0) return Fd(static_cast<int>(fd));
        // EAGAIN: a rename or mount elsewhere disturbed the walk (openat2(2)).
        if (errno != EINTR && errno != EAGAIN) return fail_errno("opening {} in the root", path);
    }
}

Result<Fd> make_directories_in_root(int root, const std::string& path, mode_t mode) {
    Result<Fd> whole = open_in_root(root, path, O_PATH | O_DIRECTORY);
    if (whole || whole.error().code() != ENOENT) return whole;
    std::string done;
    Fd here = TRY(open_in_root(root, ".", O_PATH | O_DIRECTORY));
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        if (part == "..") return failf("{}: \"..\" in a path that does not exist", path);
        done += '/';
        done += part;
        Result<Fd> next = open_in_root(root, done, O_PATH | O_DIRECTORY);
        if (!next && next.error().code() == ENOENT) {
            // EEXIST: a link that leads nowhere; opening it again tells.
            if (::mkdirat(here.get(), std::string(part).c_str(), mode) < 0 && errno != EEXIST)
                return fail_errno("creating the directory {} in the root", done);
            next = open_in_root(root, done, O_PATH | O_DIRECTORY);
        }
        here = TRY(std::move(next));
    }
    return here;
}

Result<ParentAndName> make_parent_in_root(int root, const std::string& path) {
    const std::string clean = clean_path(path);
    const size_t slash = clean.rfind('/');
    if (clean == "/") return failf("{} names the root itself", path);
    Fd parent = TRY(make_directories_in_root(root, clean.substr(0, slash + 1)));
    return ParentAndName{std::move(parent), clean.substr(slash + 1)};
}

Result<Fd> make_file_in_root(int root, const std::string& path, mode_t mode) {
    Result<Fd> existing = open_in_root(root, path, O_PATH);
    if (existing || existing.error().code() != ENOENT) return existing;
    ParentAndName place = TRY(make_parent_in_root(root, path));
    // O_EXCL does not follow a last link: nothing is made through one that leads nowhere.
    const Fd made =
        TRY(open_at(place.parent.get(), place.name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
                .in("creating a file in the root"));
    return open_in_root(place.parent.get(), place.name, O_PATH | O_NOFOLLOW);
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
