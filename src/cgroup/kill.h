// The processes of an existing container. A cgroup that is gone counts as empty.
#pragma once

#include <sys/types.h>

#include <vector>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Processes in the container's cgroup and below it, each once, as pids of our pid namespace.
Result<std::vector<pid_t>> processes(const CgroupRecord& record);

// Sends `signal` to all of them, also to those that are being forked meanwhile. SIGKILL reaches
// frozen processes too (v1: the cgroup is thawed for it). Does not wait for their end.
Status kill_all(const CgroupRecord& record, int signal);

}  // namespace sampan
