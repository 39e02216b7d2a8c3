// `start`: executes the user's program (runtime.md#start).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "container/container.h"
#include "launch/notify_proxy.h"
#include "os/lock.h"

namespace sampan {

struct StartOptions {
    // NOTIFY_SOCKET of our caller; "" if it has none.
    std::string notify_socket;
    // For a caller that keeps running: it gets the proxy, if there is one, and start does not wait
    // for READY=1.
    std::optional<NotifyProxy>* notify_proxy = nullptr;
};

// Returns once the program has been executed and the poststart hooks have run. Otherwise the error
// says why, in words where the kernel only gives a number. After a failed startContainer or
// poststart hook the container is destroyed (runtime.md#lifecycle, 7 and 9); after a failed
// execution it is stopped. `lock` is the container's. It is given up before the poststart hooks, so
// that a hook that hangs does not block `delete --force`. If the container was created with
// NOTIFY_SOCKET, it waits at the end for the program's READY=1, or its end.
Status start_container(const Store& store,
                       const Container& container,
                       Lock lock,
                       const StartOptions& options,
                       Warnings& warnings);

// `start NAME`: takes the lock; only allowed in the status created.
Status start_container(const Store& store,
                       const std::string& name,
                       const StartOptions& options,
                       Warnings& warnings);

}  // namespace sampan
