// Sources of mounts that are opened with the supervisor's rights and among init's mounts.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "plan/plan.h"

namespace sampan {

// Opens Plan::inner_sources in the mount namespace of init, which waits at its entry, and sends
// each to it (MessageType::source). A process in between does it, so that our hooks and files stay
// in our own namespace whatever happens.
Status send_inner_sources(const Plan& plan, const Context& context, pid_t init, Sync& to_init);

// Init's side.
Status receive_inner_sources(const Plan& plan, Context& context, Sync& from_supervisor);

}  // namespace sampan
