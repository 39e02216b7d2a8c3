// `create`: makes a container from a bundle, which then waits for its start (runtime.md#create).
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
    // Gets the master of the terminal; called only if config.json asks for a terminal.
    std::function<Status(Fd)> on_console;
};

struct Created {
    Container container;
    Lock lock;     // held since the folder was made
    Process init;  // our child, until released
};

// If it fails, nothing is left behind. After a failed hook the poststop hooks run, as the
// specification says; their failures are added to `warnings`.
Result<Created> create_container(const Store& store,
                                 const SpecFile& file,
                                 const Plan& plan,
                                 const CreateOptions& options,
                                 Warnings& warnings);

}  // namespace sampan
