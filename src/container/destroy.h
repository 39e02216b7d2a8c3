// The end of a container: everything that it has is undone, from its record.
#pragma once

#include <vector>

#include "base/result.h"
#include "container/container.h"
#include "os/lock.h"

namespace sampan {

// Failures of poststop hooks: they are told and change nothing (runtime.md#delete).
using Warnings = std::vector<Error>;

// `delete`. Without `force` only a stopped or created container; with it in any status, and
// half-made ones. The processes are killed and gone when it returns.
enum class Force { no, yes };
Result<Warnings> delete_container(const Store& store, const std::string& name, Force force);

// Kills what is left, removes the cgroup, then the folder, then runs the poststop hooks. The caller
// holds the lock.
Result<Warnings> destroy(const Store& store, const Container& container);

// Ends init if the process is still the one of the record, and waits for it.
Status end_init(const Record& record);

}  // namespace sampan
