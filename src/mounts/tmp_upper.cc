#include "mounts/tmp_upper.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <string_view>

#include "base/text.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/procfs.h"

namespace sampan {

namespace {

constexpr std::string_view lower_option = "lowerdir=";

// The uppermost of the lower layers, "/a:b" of "lowerdir=/a\:b:/c".
std::string top_layer(const FilesystemRequest& request) {
    const auto option = std::ranges::find_if(
        request.data, [](const std::string& one) { return one.starts_with(lower_option); });
    std::string path;
    if (option == request.data.end()) return path;
    for (size_t i = lower_option.size(); i < option->size() && (*option)[i] != ':'; ++i) {
        if ((*option)[i] == '\\' && i + 1 < option->size()) ++i;
        path += (*option)[i];
    }
    return path;
}

// The kernel shows it for every owner that a user namespace does not map.
constexpr uid_t unmapped = 65534;

// The root of an overlay has the owner and the mode of its upper layer. What belongs to somebody
// who is not mapped stays ours.
Status look_like(int folder, const std::string& path, bool in_user_namespace) {
    const auto facts = TRY(stat_at(cwd, path).in(format("the lower layer {}", path)));
    if (!facts) return failf("the lower layer {} does not exist", path);
    if (!S_ISDIR(facts->st_mode)) return failf("the lower layer {} is not a directory", path);
    const bool foreign =
        in_user_namespace && (facts->st_uid == unmapped || facts->st_gid == unmapped);
    if (!foreign && ::fchown(folder, facts->st_uid, facts->st_gid) < 0)
        return fail_errno("the owner of the upper layer");
    if (::fchmod(folder, facts->st_mode & 07777U) < 0)
        return fail_errno("the mode of the upper layer");
    return {};
}

Status make_folders(int tmpfs, const FilesystemRequest& request) {
    for (const char* name : {"upper", "work"})
        if (::mkdirat(tmpfs, name, 0755) < 0) return fail_errno("making the upper layer");
    const Fd upper = TRY(open_at(tmpfs, "upper", O_RDONLY | O_DIRECTORY));
    // The planner adds this option in a user namespace, and only there.
    const bool in_user_namespace =
        std::ranges::find(request.data, "userxattr") != request.data.end();
    return look_like(upper.get(), top_layer(request), in_user_namespace);
}

// Calls `make` with the tmpfs as working directory, and mounted. Before Linux 6.15 an overlay takes
// only layers that are mounted in our namespace. It keeps copies of these mounts, so that nobody
// needs to see the tmpfs afterwards. /proc surely exists, and is no layer of anybody.
Result<Fd> make_inside(const Fd& tmpfs, const std::function<Result<Fd>()>& make) {
    const Fd before = TRY(open_at(cwd, ".", O_PATH | O_DIRECTORY));
    const Fd place = TRY(open_proc());
    TRY(attach_mount(tmpfs.get(), place.get()));
    Result<Fd> made = [&]() -> Result<Fd> {
        if (::fchdir(tmpfs.get()) < 0) return fail_errno("entering the upper layer");
        return make();
    }();
    const Status gone = unmount_lazily("/proc").in("the tmpfs of the upper layer");
    if (::fchdir(before.get()) < 0 && made) return fail_errno("leaving the upper layer");
    if (!gone && made) return Failure(gone.error());
    return made;
}

}  // namespace

Result<Fd> make_with_tmp_upper(FilesystemRequest request, const std::string& size) {
    FilesystemRequest layer{.type = "tmpfs", .data = {"mode=755"}};
    if (!size.empty()) layer.data.push_back(format("size={}", size));
    const Fd tmpfs = TRY(make_filesystem(layer).in("the tmpfs of the upper layer"));
    TRY(make_folders(tmpfs.get(), request));
    request.data.emplace_back("upperdir=upper");
    request.data.emplace_back("workdir=work");
    return make_inside(tmpfs, [&] { return make_filesystem(request); });
}

}  // namespace sampan
