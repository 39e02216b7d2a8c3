// The end of a container: everything in its record is undone.
#pragma once

#include <vector>

#include "base/result.h"
#include "container/container.h"
#include "os/lock.h"
#include "plan/outside_steps.h"

namespace sampan {

// `delete`. Without `force` the container must be stopped or created; with it, the status does not
// matter, and half-made containers are removed too. When it returns, the processes are killed and
// gone.
enum class Force { no, yes };
Result<Warnings> delete_container(const Store& store, const std::string& name, Force force);
// Only if it is still the container that was found, and has stopped.
Result<Warnings> delete_stopped(const Store& store, const Container& found);

// Kills what is left, removes the cgroup, then the folder, then runs the poststop hooks. The caller
// holds the lock.
Result<Warnings> destroy(const Store& store, const Container& container);

// The same for whatever is in the folder, be it half-made or broken: by its record, or by what can
// be salvaged of that. A process that it names is ended. The caller holds the lock of `locked`.
Result<Warnings> destroy_remains(const Store& store, const Folder& locked);

// Runs a poststop hook of a container that is gone. Its failure is a warning, and does not keep
// other hooks from running (runtime.md#delete).
void run_poststop_hook(const RunHook& step, const Record& record, Warnings& warnings);

// Ends init if the process is still that of the record, and waits for its end.
Status end_init(const Record& record);

}  // namespace sampan
