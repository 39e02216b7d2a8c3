#include "mounts/idmapped.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>

#include "base/text.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/namespaces.h"

namespace sampan {

namespace {

// The kernel takes the maps from a user namespace, and there is none without a process that was in
// it for a moment.
Result<Fd> make_user_namespace(const IdMaps& maps, const Context& context) {
    const int proc = context.proc.get();
    Fd made;
    const auto map = [&](pid_t inside) -> Status {
        TRY(write_file(proc, format("{}/uid_map", inside), id_map_text(maps.uids)));
        TRY(write_file(proc, format("{}/gid_map", inside), id_map_text(maps.gids)));
        made = TRY(open_at(proc, format("{}/ns/user", inside), O_RDONLY));
        return {};
    };
    TRY(visit_beside(
        "makes a user namespace", [] { return leave_namespaces(CLONE_NEWUSER); }, map));
    return made;
}

Result<Fd> user_namespace_of(const MountIdMaps& maps, const Context& context) {
    if (!maps.by_namespace) return make_user_namespace(maps.maps, context);
    Fd joined = TRY(open_namespace(*maps.by_namespace));
    if (TRY(is_our_user_namespace(joined.get(), context.proc.get())))
        return failf("{} is the user namespace that we are in, which maps nothing",
                     maps.by_namespace->path);
    return joined;
}

}  // namespace

Status map_mount(int mount, const MountIdMaps& maps, Reach reach, const Context& context) {
    const Fd user_namespace = TRY(user_namespace_of(maps, context).in("mapping ids of a mount"));
    Status mapped = change_mount(
        mount, MountAttributes{.set = MOUNT_ATTR_IDMAP, .userns_fd = user_namespace.get()}, reach);
    if (!mapped && mapped.error().code() == EINVAL)
        mapped.error().set_hint("the file system may not support ID-mapped mounts");
    return mapped;
}

}  // namespace sampan
