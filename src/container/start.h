// `start`: the user's program is executed (runtime.md#start).
#pragma once

#include <vector>

#include "base/result.h"
#include "container/container.h"
#include "os/lock.h"

namespace sampan {

// Returns once the program has been executed and the poststart hooks have run. Otherwise an error
// that says why: what the kernel only gives a number for is explained. After a failed
// startContainer or poststart hook the container is destroyed (runtime.md#lifecycle, 7 and 9);
// after a failed execution it is stopped. `lock` is the container's; it is given up before the
// poststart hooks, so that one which hangs does not keep `delete --force` out.
Status start_container(const Store& store,
                       const Container& container,
                       Lock lock,
                       std::vector<Error>& warnings);

// `start NAME`: with the lock, in status created only.
Status start_container(const Store& store, const std::string& name, std::vector<Error>& warnings);

}  // namespace sampan
