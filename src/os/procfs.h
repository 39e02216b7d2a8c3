// Whether a descriptor leads into a procfs: what is mounted over /proc, or over a part of it, could
// be anything (CVE-2019-16884).
#pragma once

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// True when `fd` is on a procfs; its root alone.
Result<bool> is_on_proc(int fd);
Result<bool> is_proc_root(int fd);

// An O_PATH descriptor of our /proc, checked to be the root of a procfs.
Result<Fd> open_proc();

}  // namespace sampan
