// ID-mapped mounts (config.md#mounts: idmap, ridmap, uidMappings, gidMappings).
#pragma once

#include "base/result.h"
#include "linux/context.h"
#include "mounts/idmap_plan.h"
#include "os/mount_api.h"

namespace sampan {

// Shows the files of a detached mount with mapped owners (mount_setattr(2), MOUNT_ATTR_IDMAP). For
// the supervisor: it needs rights over the file system, and a child process for a moment.
Status map_mount(int mount, const MountIdMaps& maps, Reach reach, const Context& context);

}  // namespace sampan
