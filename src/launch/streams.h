// The caller's standard streams, which become the container's.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "plan/process_plan.h"

namespace sampan {

// Gives pipes on our standard streams to the user of the process `pid`, which has them too:
// programs reopen /dev/stdout. Done from outside, because root of a user namespace has no rights
// over a pipe whose owner is not mapped there. A file, a terminal or a device stays the caller's: a
// new owner could open it from elsewhere, even long after the container has ended. Nothing changes
// if the kernel does not let us. `proc`: a checked procfs.
Status give_pipes(const ProcessPlan& process, int proc, pid_t pid);

// In the container: opens its /dev/null in the place of each standard stream that is the null
// device, which is the host's. Nothing changes if it has none, or if we may not open it. `proc`: a
// checked procfs.
void use_own_null(int proc);

}  // namespace sampan
