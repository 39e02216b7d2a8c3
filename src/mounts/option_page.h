// File systems whose options are too long for fsconfig(2), which takes strings of 255 bytes.
// mount(2) takes all options at once, in one page.
#pragma once

#include "base/result.h"
#include "mounts/filesystem.h"
#include "os/fd.h"

namespace sampan {

// True if one of its strings is too long for fsconfig(2).
[[nodiscard]] bool needs_option_page(const FilesystemRequest& request);

// A detached mount like that of make_filesystem(). The kernel then says less about what is wrong.
Result<Fd> make_filesystem_by_page(const FilesystemRequest& request);

}  // namespace sampan
