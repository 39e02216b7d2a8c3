// `ps`: the processes of a container.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// As pids of our pid namespace, going up: those of the container's cgroup and of the cgroups below
// it, so also what joined it later (exec). Of a stopped container what outlived its init, mostly
// none. An error for a running one without a cgroup, which would list them.
Result<std::vector<pid_t>> container_processes(const Store& store, const std::string& name);

}  // namespace sampan
