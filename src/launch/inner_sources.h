// Sources of mounts that are opened with the supervisor's rights, but in init's mount namespace.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "plan/step.h"

namespace sampan {

// Opens the sources of `phase` in the mount namespace of init, which waits, and sends each of them
// to init (MessageType::source). A process in between does it, so that our hooks and files stay in
// our own namespace whatever happens. `proc`: a checked procfs.
Status send_inner_sources(const Phase& phase, int proc, pid_t init, Sync& to_init);

// For init: receives one source.
Status receive_inner_source(const TakeSource& step, Context& context, Sync& from_supervisor);

}  // namespace sampan
