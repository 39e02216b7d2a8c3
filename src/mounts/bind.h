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

// Whose view of the mounts a source is looked up in, by the supervisor either way.
enum class SourceView {
    host,  // before the clone
    // While init waits, in its mount namespace. There the kernel has locked flags and mounts of the
    // host for the user namespace, so that its root can neither clear nor uncover anything.
    container
};

// What becomes of a source that is a symbolic link.
enum class SourceLink {
    follow,
    bind,  // src-nofollow: the link itself is what is mounted
    copy   // copy-symlink: the same link is made at the destination, and nothing is mounted
};

// Copies the mount at `source` (an absolute path of the host) into Context::sources[slot], still
// detached; or makes a new file system there; or opens a link that is to be copied. By the
// supervisor: needed where init could not reach the source (a user namespace), or must not lose its
// peer group (shared propagation), and where ids are mapped, since the file system has to be the
// host's then.
struct OpenSource {
    std::string origin;
    std::string source;
    std::string destination;  // for people
    SourceView view = SourceView::host;
    Binding bind = Binding::whole_tree;
    SourceLink source_link = SourceLink::follow;
    std::string stands_in_for;                    // as BindMount's
    std::optional<FilesystemRequest> filesystem;  // instead of a copy; `source` is for people then
    std::optional<DeviceNode> device;             // the same
    // Cuts the copy off from the host's mount, as Context's other mounts are; absent where sharing
    // with the host is asked for.
    std::optional<Propagation> propagation;
    // Maps the owners of the files (idmap; with whole_tree ridmap).
    std::optional<MountIdMaps> id_maps;
    Reach id_reach = Reach::one_mount;
    size_t slot = 0;
    bool operator==(const OpenSource&) const = default;
};

// A bind on `destination`, which is made when missing: a directory, or a file where the source is
// no directory (on a link, too, can be mounted what is none). Flags that are not asked for stay
// those of the source.
struct BindMount {
    std::string origin;
    std::string source;  // absolute; used when source_slot < 0, otherwise for people
    int source_slot = -1;
    Binding bind = Binding::whole_tree;
    SourceLink source_link = SourceLink::follow;
    std::string destination;
    Placement placement = Placement::anywhere;
    LastLink last_link = LastLink::follow;
    int readonly_slot = -1;  // as MountFilesystem's
    // "sysfs" or "mqueue", asked for but not ours to mount anew: the source must be one.
    std::string stands_in_for;
    // Of the copy and all below it, before `changes`; absent where it is as it has to be.
    std::optional<Propagation> propagation;
    MountChanges changes;
    bool operator==(const BindMount&) const = default;
};

std::string describe(const OpenSource& step);
std::string describe(const BindMount& step);
Status apply(const OpenSource& step, Context& context);
Status apply(const BindMount& step, Context& context);

// The slot of the root file system (AttachRoot); those of mounts follow.
inline constexpr size_t root_source_slot = 0;

// The detached mount of `slot`. `what`: for the error when there is none.
Result<Fd> take_slot(const std::string& what, int slot, Context& context);

}  // namespace sampan
