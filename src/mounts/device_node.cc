#include "mounts/device_node.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/text.h"
#include "linux/id_map.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/mount_aside.h"
#include "os/namespaces.h"
#include "os/path.h"

namespace sampan {

namespace {

Result<Fd> make_node_there(const DeviceNode& node, const char* place) {
    if (::mount("dev", place, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=4096,nr_inodes=4") < 0)
        return fail_errno("making a file system for a device");
    const std::string path = format("{}/node", place);
    const dev_t numbers = makedev(node.major, node.minor);
    if (::mknod(path.c_str(), node.type | 0600, numbers) < 0)
        return fail_errno("making the device");
    if (::chown(path.c_str(), node.uid, node.gid) < 0 || ::chmod(path.c_str(), node.mode) < 0)
        return fail_errno("giving the device its owner and mode");
    return clone_tree(AT_FDCWD, path, 0);
}

bool is_device(const struct stat& facts, const DeviceNode& node) {
    return (facts.st_mode & S_IFMT) == node.type &&
           facts.st_rdev == makedev(node.major, node.minor);
}

bool is_just(const struct stat& facts, const DeviceNode& node) {
    return is_device(facts, node) && (facts.st_mode & 07777U) == node.mode &&
           facts.st_uid == node.uid && facts.st_gid == node.gid;
}

Result<Fd> copy_node_of_host(const DeviceNode& node) {
    const Result<Fd> source = open_at(cwd, node.path, O_PATH | O_NOFOLLOW);
    if (source && is_just(TRY(stat_of(source->get())), node))
        return clone_tree(source->get(), "", AT_EMPTY_PATH);
    return failf(
               "the container's user namespace has no id for the owner {}:{} of the device, and "
               "the host has no {} of that owner, with mode {:04o}, to bind",
               node.uid, node.gid, node.path, node.mode)
        .hint("give uid and gid that the namespace maps, or leave them out");
}

// Only a process in the namespace shows its maps in /proc.
Result<IdMaps> read_maps_of(const JoinNamespace& join, int proc) {
    const Fd joined = TRY(open_namespace(join));
    IdMaps maps;
    const auto read = [&](pid_t inside) -> Status {
        maps = TRY(read_id_maps(proc, format("{}", inside)));
        return {};
    };
    TRY(visit_beside(
            "enters the user namespace",
            [&] { return join_namespace(joined.get(), CLONE_NEWUSER); }, read)
            .in(format("reading the maps of the user namespace {}", join.path)));
    return maps;
}

}  // namespace

std::string describe(const DeviceNode& node) {
    if (node.source == NodeSource::host_or_made)
        return format("a node {}:{}, the host's if it has one,", node.major, node.minor);
    return format("{} {}:{} of {}:{} with mode {:04o}",
                  node.source == NodeSource::host ? "a copy of the host's node" : "a node",
                  node.major, node.minor, node.uid, node.gid, node.mode);
}

namespace {

Result<Fd> find_node(const DeviceNode& node, const Context& context) {
    if (node.source == NodeSource::host) return copy_node_of_host(node);
    if (node.source == NodeSource::host_or_made) {
        const Result<Fd> hosts = open_at(cwd, node.path, O_PATH | O_NOFOLLOW);
        if (hosts && is_device(TRY(stat_of(hosts->get())), node))
            return clone_tree(hosts->get(), "", AT_EMPTY_PATH);
    }
    DeviceNode owned = node;
    if (node.joined) {
        const IdMaps maps = TRY(read_maps_of(*node.joined, context.proc.get()));
        const std::optional<uint32_t> uid = host_id(maps.uids, node.uid);
        const std::optional<uint32_t> gid = host_id(maps.gids, node.gid);
        if (!uid || !gid) return copy_node_of_host(node);
        owned.uid = *uid;
        owned.gid = *gid;
    }
    return mount_aside([&](const char* place) { return make_node_there(owned, place); });
}

}  // namespace

Result<Fd> harden_node(Fd node) {
    Status changed =
        change_mount(node.get(), MountAttributes{.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC},
                     Reach::one_mount);
    // A kernel without mount_setattr(2) has no use of it anyway: a device is no program.
    if (!changed && changed.error().code() != ENOSYS) return Failure(std::move(changed).error());
    return node;
}

Result<Fd> supply_node(const DeviceNode& node, const Context& context) {
    return harden_node(TRY(find_node(node, context)));
}

}  // namespace sampan
