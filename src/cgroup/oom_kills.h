// What the memory controller says about a container that has ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Why a container ended. 0 kills and nothing else if the memory controller is not ours.
struct OomFacts {
    uint64_t kills = 0;  // processes of this cgroup killed for lack of memory
    // Absent: not measured, or no limit.
    std::optional<int64_t> limit_bytes;
    std::optional<uint64_t> peak_bytes;
    bool operator==(const OomFacts&) const = default;
};
Result<OomFacts> read_oom_facts(const CgroupRecord& record);
// "the limit is 1048576 bytes, the most used was 1048576": as far as it is known; "" for nothing.
std::string describe(const OomFacts& facts);
// Makes `error` one of the kind out_of_memory, with the limit as its place, if a process of the
// container was killed for lack of memory.
void explain_oom(Error& error, const CgroupRecord& record);

}  // namespace sampan
