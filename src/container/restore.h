// `restore`: makes a container of a bundle, with processes that `checkpoint` has written.
#pragma once

#include <functional>

#include "base/result.h"
#include "container/container.h"
#include "container/criu_job.h"
#include "os/fd.h"
#include "os/process.h"
#include "plan/plan.h"
#include "spec/spec.h"

namespace sampan {

struct RestoreOptions {
    CriuJob job;
    // Gets the master of the container's terminal; called only if there is one.
    std::function<Status(Fd)> on_console;
    std::string pid_file;  // "": none
};

struct Restored {
    Container container;
    Process init;  // our child, until released; it runs
};

// If it fails, nothing is left behind but CRIU's log. The prestart and createRuntime hooks run,
// once the namespaces are there; after a failed one the poststop hooks run. Their failures are
// added to `warnings`.
Result<Restored> restore_container(const Store& store,
                                   const SpecFile& file,
                                   const Plan& plan,
                                   RestoreOptions options,
                                   Warnings& warnings);

}  // namespace sampan
