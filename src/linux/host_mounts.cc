#include "linux/host_mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/path.h"
#include "spec/fields.h"

namespace sampan {

namespace spec {

template <>
const ObjectType& object_type<HostMountsRecord>() {
    static constexpr Field table[] = {
        required<&HostMountsRecord::root>("root"),
        optional<&HostMountsRecord::before>("before"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace spec

namespace {

bool is_within(std::string_view point, std::string_view root) {
    if (!point.starts_with(root)) return false;
    return point.size() == root.size() || root == "/" || point[root.size()] == '/';
}

Result<std::vector<MountedPlace>> mounted_within(int proc, const std::string& root) {
    std::vector<MountedPlace> all = parse_mountinfo(TRY(read_file(proc, "self/mountinfo")));
    std::erase_if(all, [&](const MountedPlace& place) { return !is_within(place.point, root); });
    return all;
}

// umount2(2) takes a name, and what is mounted may have covered that of /proc: so it is told from
// the descriptor, as the working directory.
Status unmount_from(int proc, int mount) {
    const Fd before = TRY(open_at(cwd, ".", O_PATH | O_DIRECTORY));
    if (::fchdir(proc) < 0) return fail_errno("entering /proc");
    Status gone = unmount_lazily(format("self/fd/{}", mount));
    if (::fchdir(before.get()) < 0) return fail_errno("entering the working directory");
    return gone;
}

// The container could have put links on the way; the file tells the path without any.
Status unmount(int proc, const MountedPlace& place) {
    const Fd host = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    // But what is mounted there may be one itself (src-nofollow).
    const Result<Fd> mount = open_without_links(host.get(), place.point, O_PATH | O_NOFOLLOW);
    if (!mount && mount.error().code() == ENOENT) return {};
    if (!mount) return std::unexpected(mount.error());
    Status gone = unmount_from(proc, mount->get());
    // No mount any more: it was the copy of one that had been propagated, and went with it.
    if (!gone && gone.error().code() == EINVAL) return {};
    return std::move(gone).in(place.point);
}

}  // namespace

Result<HostMountsRecord> foresee_host_mounts(int proc, const std::string& rootfs) {
    HostMountsRecord record{.root = TRY(absolute_path(rootfs)), .before = {}};
    for (const MountedPlace& place : TRY(mounted_within(proc, record.root)))
        record.before.push_back(place.id);
    return record;
}

std::vector<MountedPlace> mounts_to_remove(const HostMountsRecord& record,
                                           std::vector<MountedPlace> mounts) {
    std::erase_if(mounts, [&](const MountedPlace& place) {
        return !is_within(place.point, record.root) ||
               std::ranges::find(record.before, place.id) != record.before.end();
    });
    std::ranges::reverse(mounts);
    return mounts;
}

Status remove_host_mounts(int proc, const HostMountsRecord& record) {
    for (const MountedPlace& place :
         mounts_to_remove(record, TRY(mounted_within(proc, record.root))))
        TRY(unmount(proc, place));
    const std::vector<MountedPlace> left =
        mounts_to_remove(record, TRY(mounted_within(proc, record.root)));
    if (!left.empty()) return failf("{} is still mounted", left.front().point);
    return {};
}

}  // namespace sampan
