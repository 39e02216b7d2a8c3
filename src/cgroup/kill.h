// The processes of an existing container. A cgroup that is gone has none.
#pragma once

#include <sys/types.h>

#include <vector>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// The processes in the container's cgroup and below it, each once, with their pids in our pid
// namespace.
Result<std::vector<pid_t>> processes(const CgroupRecord& record);

// Sends `signal` to all of them, and to processes that they fork meanwhile. SIGKILL reaches frozen
// processes too (on v1 the cgroup is thawed for it). Does not wait for their end.
Status kill_all(const CgroupRecord& record, int signal);

}  // namespace sampan
