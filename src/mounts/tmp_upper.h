// tmpupper, a mount option of our own: an overlay whose upper layer is a tmpfs. What the container
// writes is in memory, counts against its memory limit, and is gone with its mount namespace.
#pragma once

#include <string>

#include "base/result.h"
#include "mounts/filesystem.h"
#include "os/fd.h"

namespace sampan {

// A detached overlay as in `request`, which has no upper layer yet. `size` is that of the tmpfs, as
// its option size= takes it; "" for the kernel's default. Meanwhile the tmpfs covers our /proc.
Result<Fd> make_with_tmp_upper(FilesystemRequest request, const std::string& size);

}  // namespace sampan
