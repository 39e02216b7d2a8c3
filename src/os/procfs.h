// Checks that a descriptor is on a procfs: anything could be mounted over /proc, or over a part of
// it (CVE-2019-16884).
#pragma once

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// True if `fd` is on a procfs; the second only for its root.
Result<bool> is_on_proc(int fd);
Result<bool> is_proc_root(int fd);

// An O_PATH descriptor of our /proc, which is checked to be the root of a procfs.
Result<Fd> open_proc();

}  // namespace sampan
