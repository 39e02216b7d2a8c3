// Bind mounts (config.md#mounts): a copy of a mount of the host, attached in the container.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/device_node.h"
#include "mounts/filesystem.h"
#include "mounts/idmap_plan.h"
#include "mounts/mount_options.h"
#include "mounts/mount_target.h"

namespace sampan {

// In which mount namespace a source is looked up. The supervisor does it in either case.
enum class SourceView {
    host,  // before the clone
    // In init's mount namespace, while init waits. There the kernel has locked flags and mounts of
    // the host for the user namespace, whose root can therefore neither clear a flag nor uncover
    // anything.
    container
};

// What happens to a source that is a symbolic link.
enum class SourceLink {
    follow,
    bind,  // src-nofollow: the link itself is mounted
    copy   // copy-symlink: the same link is made at the destination, and nothing is mounted
};

// Copies the mount at `source` (an absolute path of the host) into Context::sources[slot], still
// detached; or makes a new file system there; or opens a link that will be copied. The supervisor
// does it if init could not reach the source (in a user namespace), or if the copy must stay in its
// peer group (shared propagation), or if ids are mapped, because the file system must then belong
// to the host.
struct OpenSource {
    std::string origin;
    std::string source;
    std::string destination;  // for people
    SourceView view = SourceView::host;
    Binding bind = Binding::whole_tree;
    SourceLink source_link = SourceLink::follow;
    std::string stands_in_for;                    // see BindMount
    std::optional<FilesystemRequest> filesystem;  // instead of a copy; `source` is for people then
    std::optional<DeviceNode> device;             // the same
    // Cuts the copy off from the host's mount, like Context's other mounts. Absent if it shall
    // share with the host.
    std::optional<Propagation> propagation;
    // Maps the owners of the files (idmap; with whole_tree ridmap).
    std::optional<MountIdMaps> id_maps;
    Reach id_reach = Reach::one_mount;
    size_t slot = 0;
    bool operator==(const OpenSource&) const = default;
};

// A bind on `destination`. If that is missing, it is made: as a directory, or as a file if the
// source is not a directory (which may also be mounted on a link). Flags that are not asked for
// stay those of the source.
struct BindMount {
    std::string origin;
    std::string source;  // absolute; used when source_slot < 0, otherwise for people
    int source_slot = -1;
    Binding bind = Binding::whole_tree;
    SourceLink source_link = SourceLink::follow;
    std::string destination;
    Placement placement = Placement::anywhere;
    LastLink last_link = LastLink::follow;
    int readonly_slot = -1;  // see MountFilesystem
    // "sysfs" or "mqueue", if it was asked for but we cannot mount it anew: the source must be such
    // a file system.
    std::string stands_in_for;
    // For the copy and everything below it, before `changes`. Absent if it is already as it must
    // be.
    std::optional<Propagation> propagation;
    MountChanges changes;
    bool operator==(const BindMount&) const = default;
};

std::string describe(const OpenSource& step);
std::string describe(const BindMount& step);
Status apply(const OpenSource& step, Context& context);
Status apply(const BindMount& step, Context& context);

// The slot of the root file system (AttachRoot); slots of mounts follow.
inline constexpr size_t root_source_slot = 0;

// The detached mount in `slot`. `what` is for the error if there is none.
Result<Fd> take_slot(const std::string& what, int slot, Context& context);

// Makes the changes to a copy of a mount, except for the propagation. podman writes "rw" for every
// volume that is not ":ro". If the kernel has locked a mount of the host read-only for a user
// namespace, it stays read-only without an error, as with runc and crun.
Status change_bind(int mount, MountChanges changes);

}  // namespace sampan
