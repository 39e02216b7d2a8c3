// Files in a folder where somebody may have put something else under their names: only regular ones
// are opened, and no link is followed. So nobody waits for the other side of a FIFO, and no device
// acts.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// The whole content; an error beyond `limit` bytes. ENOENT where there is nothing.
Result<std::string> read_regular_file(int dir, const std::string& name, size_t limit = 16 << 20);

// For appending; made with `mode` when missing.
Result<Fd> open_to_append(int dir, const std::string& name, mode_t mode);

}  // namespace sampan
