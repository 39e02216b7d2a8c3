// `create`: from a bundle to a container that waits for its start (runtime.md#create).
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "container/container.h"
#include "os/fd.h"
#include "os/lock.h"
#include "os/process.h"
#include "plan/plan.h"
#include "spec/spec.h"

namespace sampan {

struct CreateOptions {
    // Takes the master of the terminal; called only when config.json asks for one.
    std::function<Status(Fd)> on_console;
};

struct Created {
    Container container;
    Lock lock;     // held since the folder was made
    Process init;  // our child, until released
};

// Nothing is left behind when it fails. After a failed hook the poststop hooks run, as the
// specification says; what they fail with is added to `warnings`.
Result<Created> create_container(const Store& store,
                                 const SpecFile& file,
                                 const Plan& plan,
                                 const CreateOptions& options,
                                 std::vector<Error>& warnings);

}  // namespace sampan
