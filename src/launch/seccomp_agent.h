// Seccomp notifications (config-linux.md#seccomp, listenerPath): sends the filter's descriptor to
// an agent, which then answers for the container's system calls.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "launch/hooks.h"
#include "os/fd.h"
#include "spec/seccomp.h"
#include "spec/state.h"

namespace sampan {

// For create: an error if no agent listens. Only `start` connects, when it has a filter to send: an
// agent expects a message as soon as it has a connection, and may serve many containers, one after
// another.
Status check_agent(const spec::Seccomp& seccomp, const std::string& bundle);

// Connects to the agent; a relative listenerPath starts at the bundle. Sends nothing yet: so a
// missing agent is noticed before the program is let go.
Result<Fd> connect_to_agent(const spec::Seccomp& seccomp, const std::string& bundle);

// An error unless `listener`, which comes from the container, is the descriptor of some seccomp
// filter.
Status check_listener(const Fd& listener);

// The process with the filter, and the container's; pids as we see them.
struct ListenedTo {
    spec::ContainerStatus status{};
    pid_t init = 0;
    pid_t pid = 0;
};

// Sends the container process state and the descriptor `listener` in one message
// (config-linux.md#the-container-process-state).
Status send_to_agent(int agent,
                     int listener,
                     const spec::Seccomp& seccomp,
                     const HookIdentity& identity,
                     const ListenedTo& process);

}  // namespace sampan
