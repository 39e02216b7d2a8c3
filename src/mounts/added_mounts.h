// The mounts that `mounts add` has brought to a container, as they are remembered. Only these may
// be unmounted later: a path of the container proves nothing, because its root can rename folders
// and make links, so that the path leads to a mask or to the read-only bind of /proc/sys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "os/fd.h"
#include "os/mount_api.h"
#include "os/mountinfo.h"

namespace sampan {

struct AddedMount {
    std::string destination;  // clean, as it was asked for; links may have led elsewhere
    MountIdentity identity;
    bool operator==(const AddedMount&) const = default;
};

// In the order in which they were made.
struct AddedMounts {
    std::vector<AddedMount> mounts;
    bool operator==(const AddedMounts&) const = default;
};

std::string write_added(const AddedMounts& added);
Result<AddedMounts> read_added(std::string_view text, std::string_view name);

// A mount that is to be unmounted.
struct ChosenMount {
    AddedMount mount;
    size_t number = 0;   // in `added`
    std::string origin;  // the entry that asks for it: "/mounts/0"
};

// Pure. Those of `added` that the destinations ask for, the newest first. Of several at one
// destination, the newest is taken; an entry that names a destination once too often counts for
// nothing. It is an error if a destination has none.
Result<std::vector<ChosenMount>> choose_added(const AddedMounts& added,
                                              const std::vector<std::string>& destinations);

// An O_PATH descriptor of the mount's root, wherever it is by now. Nothing if it is gone. It is an
// error if its place shows something else. `mounts` and `root` are those of one process.
Result<std::optional<Fd>> find_added(const AddedMount& added,
                                     int root,
                                     const std::vector<MountedPlace>& mounts);

// Unmounts what `mount` refers to, with all below. `proc` is a procfs of the host.
Status unmount_by(int proc, int mount);

// In the container's mount namespace. Nothing is unmounted if one of them is covered by a mount
// that is not to be unmounted. One that is gone is no error.
Status unmount_added(const std::vector<ChosenMount>& chosen, const Context& context);

}  // namespace sampan
