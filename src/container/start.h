// `start`: the user's program is executed (runtime.md#start).
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
    // NOTIFY_SOCKET of our caller; "": none.
    std::string notify_socket;
    // For who stays: gets the proxy, if there is one, and the start does not wait for READY=1.
    std::optional<NotifyProxy>* notify_proxy = nullptr;
};

// Returns once the program has been executed and the poststart hooks have run. Otherwise an error
// that says why: what the kernel only gives a number for is explained. After a failed
// startContainer or poststart hook the container is destroyed (runtime.md#lifecycle, 7 and 9);
// after a failed execution it is stopped. `lock` is the container's; it is given up before the
// poststart hooks, so that one which hangs does not keep `delete --force` out. With a container
// that was created with NOTIFY_SOCKET it waits last for the program's READY=1, or its end.
Status start_container(const Store& store,
                       const Container& container,
                       Lock lock,
                       const StartOptions& options,
                       std::vector<Error>& warnings);

// `start NAME`: with the lock, in status created only.
Status start_container(const Store& store,
                       const std::string& name,
                       const StartOptions& options,
                       std::vector<Error>& warnings);

}  // namespace sampan
