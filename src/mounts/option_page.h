// File systems whose options are too long for fsconfig(2), which takes 255 bytes a string: mount(2)
// takes all of them at once, in one page.
#pragma once

#include "base/result.h"
#include "mounts/filesystem.h"
#include "os/fd.h"

namespace sampan {

// True when a string of it does not fit fsconfig(2).
[[nodiscard]] bool needs_option_page(const FilesystemRequest& request);

// A detached mount as make_filesystem() returns one. The kernel tells less of what is wrong then.
Result<Fd> make_filesystem_by_page(const FilesystemRequest& request);

}  // namespace sampan
