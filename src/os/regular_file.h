// Files in a folder where somebody may have replaced them by something else. Only regular files are
// opened, and no link is followed. So nobody waits for the other end of a FIFO, and no device is
// opened by mistake.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Reads the whole content. More than `limit` bytes are an error; ENOENT if there is no such file.
Result<std::string> read_regular_file(int dir, const std::string& name, size_t limit = 16 << 20);

// Opens for appending; the file is made with `mode` if it does not exist.
Result<Fd> open_to_append(int dir, const std::string& name, mode_t mode);

}  // namespace sampan
