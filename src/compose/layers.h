// A folder of the host as the root of a container, to which the container may write without
// changing the folder: overlays whose upper layers are thrown away (mounts/tmp_upper.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/mountinfo.h"
#include "spec/mount.h"

namespace sampan {

struct LayersRequest {
    std::string top = "/";  // the folder, absolute
    // A user namespace copies the mounts of its parent as one piece: none of them can be taken out
    // (mount_namespaces(7)), and so a folder with mounts below it is no layer for an overlay.
    bool locked = false;
};

// The mounts that show `top` on "/", the one of "/" first. If a single overlay of it will not do,
// "/" is a tmpfs, with an overlay for each folder in `top` that has no mount below it. `mounts` are
// all mounts of the host. Of these, disks below /usr, /etc, /opt, /srv, /var, /home and /root are
// shown as well, as layers of their own; everything else that is mounted below `top` is not.
Result<std::vector<spec::Mount>> layers_of(const LayersRequest& request,
                                           const std::vector<MountedPlace>& mounts);

}  // namespace sampan
