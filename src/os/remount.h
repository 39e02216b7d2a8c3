// What mount_setattr(2) does (since Linux 5.12), by mount(2), for kernels that lack it.
#pragma once

#include "base/result.h"
#include "os/mount_api.h"

namespace sampan {

// Like change_mount(), which calls it. mount(2) only changes mounts of our mount namespace: a
// detached one is changed where nobody sees it, and `mount` refers to a copy of the result
// afterwards. Locked flags are as safe as with mount_setattr(2) (EPERM). What mount(2) does not
// know, such as MOUNT_ATTR_IDMAP, is an error that names the release of Linux which does.
//
// It is not atomic: if it fails for a whole tree that is attached, a part may have been changed.
Status change_by_remount(int mount, const MountAttributes& attributes, Reach reach);

}  // namespace sampan
