// What is done to the cgroups of an existing container. Each call opens what it needs; a cgroup
// that is gone counts as empty.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Processes in the container's cgroup and below it, each once, as pids of our pid namespace.
Result<std::vector<pid_t>> processes(const CgroupRecord& record);

// Sends `signal` to all of them, also to those that are being forked meanwhile. SIGKILL reaches
// frozen processes too (v1: the cgroup is thawed for it). Does not wait for their end.
Status kill_all(const CgroupRecord& record, int signal);

// Removes the cgroups that we made and what the container made below them. Kills nothing: waits up
// to `timeout_ms` for processes that are ending, and names those that stay in the error.
Status remove_cgroup(const CgroupRecord& record, int timeout_ms = 2000);

// Returns once all processes are frozen. An error when the container has no cgroup that can freeze.
Status freeze(const CgroupRecord& record);
Status thaw(const CgroupRecord& record);
// False also where nothing can freeze.
Result<bool> is_frozen(const CgroupRecord& record);

// Why a container ended: 0 kills, and nothing else, where the memory controller is not ours.
struct OomFacts {
    std::uint64_t kills = 0;  // processes of this cgroup killed for lack of memory
    // Absent: not measured, or no limit.
    std::optional<std::int64_t> limit_bytes;
    std::optional<std::uint64_t> peak_bytes;
    bool operator==(const OomFacts&) const = default;
};
Result<OomFacts> read_oom_facts(const CgroupRecord& record);
// "the limit is 1048576 bytes, the most used was 1048576": what is known of it; "" for nothing.
std::string describe(const OomFacts& facts);

}  // namespace sampan
