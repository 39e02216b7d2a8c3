// The caller's standard streams, which become the container's.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "plan/process_plan.h"

namespace sampan {

// Gives pipes on our standard streams to the user of the process `pid`, which has them too:
// programs reopen /dev/stdout. Done from outside, since root of a user namespace has no right to a
// pipe whose owner is not mapped there. A file, a terminal or a device of the caller's stays the
// caller's: its owner could open it from elsewhere, and long after the container. Left alone, too,
// where the kernel does not let us. `proc`: a checked procfs.
Status give_pipes(const ProcessPlan& process, int proc, pid_t pid);

}  // namespace sampan
