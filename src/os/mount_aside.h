// Mounts that can only be made at a path: they are made there for a moment, where nobody sees them.
#pragma once

#include <functional>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Calls `make` in a child process, in a mount namespace that vanishes with it, with a folder on
// which it may mount. It returns a detached copy of what it has mounted, which is passed to us.
Result<Fd> mount_aside(const std::function<Result<Fd>(const char* place)>& make);

}  // namespace sampan
