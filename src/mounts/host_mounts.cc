#include "mounts/host_mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/namespaces.h"
#include "os/path.h"
#include "spec/fields.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<HostMountsRecord>() {
    static constexpr Field table[] = {
        required<&HostMountsRecord::root>("root"),
        optional<&HostMountsRecord::before>("before"),
        optional<&HostMountsRecord::namespace_inode>("namespaceInode"),
        optional<&HostMountsRecord::namespace_id>("namespaceId"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

namespace {

Result<std::vector<MountedPlace>> mounted_within(int proc, const std::string& root) {
    std::vector<MountedPlace> all = TRY(read_mountinfo(proc));
    std::erase_if(all, [&](const MountedPlace& place) { return !is_within(place.point, root); });
    return all;
}

// umount2(2) takes a name, and the mounts may have covered that of /proc. So the name starts at a
// descriptor, by the working directory.
Status unmount_from(int proc, int mount) {
    const Fd before = TRY(open_at(cwd, ".", O_PATH | O_DIRECTORY));
    if (::fchdir(proc) < 0) return fail_errno("entering /proc");
    Status gone = unmount_lazily(format("self/fd/{}", mount));
    if (::fchdir(before.get()) < 0) return fail_errno("entering the working directory");
    return gone;
}

// The container could have put links on the way; the path in the file contains none.
Status unmount(int proc, const MountedPlace& place) {
    const Fd host = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    // But what is mounted there may be a link (src-nofollow).
    Result<Fd> mount = open_without_links({host.get()}, place.point, O_PATH | O_NOFOLLOW);
    if (!mount && mount.error().code() == ENOENT) return {};
    Status gone = unmount_from(proc, TRY(std::move(mount)).get());
    // It is not a mount any more: it was the copy of a propagated mount, and vanished with it.
    if (!gone && gone.error().code() == EINVAL) return {};
    return std::move(gone).in(place.point);
}

constexpr const char* our_namespace = "self/ns/mnt";

// Not blocking, because the path may be anything by now.
Result<Fd> open_if_theirs(int dir, const std::string& path, const HostMountsRecord& record) {
    const auto facts = stat_at(dir, path);
    if (!facts || !*facts || (*facts)->st_ino != record.namespace_inode) return Fd();
    Result<Fd> opened = open_at(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!opened && opened.error().code() == ENOENT) return Fd();  // the process has just ended
    if (!opened) return opened;
    const MountNamespace found = TRY(mount_namespace_of(opened->get()));
    if (found != MountNamespace{record.namespace_inode, record.namespace_id}) return Fd();
    return opened;
}

}  // namespace

Result<HostMountsRecord> foresee_host_mounts(int proc, const std::string& rootfs) {
    const Fd ours = TRY(open_at(proc, our_namespace, O_RDONLY));
    const MountNamespace here = TRY(mount_namespace_of(ours.get()));
    HostMountsRecord record{.root = TRY(absolute_path(rootfs)),
                            .before = {},
                            .namespace_inode = here.inode,
                            .namespace_id = here.id};
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

Result<bool> are_in_our_namespace(int proc, const HostMountsRecord& record) {
    return TRY(open_if_theirs(proc, our_namespace, record)).valid();
}

Result<Fd> find_their_namespace(int proc, const HostMountsRecord& record) {
    for (const std::string& name : TRY(list_directory(proc, "."))) {
        if (!parse_number<uint32_t>(name)) continue;
        Fd found = TRY(open_if_theirs(proc, format("{}/ns/mnt", name), record));
        if (found.valid()) return found;
    }
    for (const MountedPlace& place : TRY(read_mountinfo(proc))) {
        if (place.type != "nsfs") continue;
        Fd found = TRY(open_if_theirs(cwd, place.point, record));
        if (found.valid()) return found;
    }
    return Fd();
}

}  // namespace sampan
