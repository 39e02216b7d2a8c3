// `ps`: the processes of a container.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// As pids of our pid namespace, in ascending order: the processes of the container's cgroup and of
// the cgroups below it, so also those that joined later (exec). A stopped container has those that
// outlived its init, usually none. It is an error if a running container has no cgroup, whose list
// this is.
Result<std::vector<pid_t>> container_processes(const Store& store, const std::string& name);

}  // namespace sampan
