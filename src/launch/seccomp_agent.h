// Seccomp notifications (config-linux.md#seccomp, listenerPath): the filter's descriptor goes to an
// agent, which then answers for the container's system calls.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "launch/hooks.h"
#include "os/fd.h"
#include "spec/seccomp.h"
#include "spec/state.h"

namespace sampan {

// For create: an error when nobody is there. It connects only when there is a filter to tell of, at
// start, since agents take a connection for the message that follows at once, and one may serve
// many containers, one after another.
Status check_agent(const spec::Seccomp& seccomp, const std::string& bundle);

// A connection to the agent; a relative listenerPath counts from the bundle. Nothing is sent yet,
// so that a missing agent is found before the program is let go.
Result<Fd> connect_to_agent(const spec::Seccomp& seccomp, const std::string& bundle);

// An error unless `listener` is the descriptor of some seccomp filter: it comes from the container.
Status check_listener(const Fd& listener);

// The process of the filter, and its container's; pids as we see them.
struct ListenedTo {
    spec::ContainerStatus status{};
    pid_t init = 0;
    pid_t pid = 0;
};

// Sends the container process state with the descriptor `listener` in one message
// (config-linux.md#the-container-process-state).
Status send_to_agent(int agent,
                     int listener,
                     const spec::Seccomp& seccomp,
                     const HookIdentity& identity,
                     const ListenedTo& process);

}  // namespace sampan
