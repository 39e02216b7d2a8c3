// Mounts that can only be made on a path, for a moment and where nobody sees them.
#pragma once

#include <functional>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Calls `make` in a process beside us, in a mount namespace that vanishes with it, with a folder on
// which it may mount. What it returns, a detached copy of something there, comes to us.
Result<Fd> mount_aside(const std::function<Result<Fd>(const char* place)>& make);

}  // namespace sampan
