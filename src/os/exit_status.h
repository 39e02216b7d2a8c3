// How a process ended that is not our child.
#pragma once

#include <sys/types.h>

#include <optional>

#include "base/result.h"
#include "os/process.h"

namespace sampan {

// Waits until the process has ended. Nothing if it is not to be known how: its parent has been told
// already, and this kernel does not keep it (before Linux 6.15), or we may not know it. `pidfd` is
// that of `pid`.
Result<std::optional<ExitStatus>> wait_for_other(pid_t pid, int pidfd);

}  // namespace sampan
