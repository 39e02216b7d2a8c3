// linux.memoryPolicy (config-linux.md#memory-policy): from which NUMA nodes memory is taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

struct SetMemoryPolicy {
    std::string origin;
    int mode = 0;                 // MPOL_* and its flags, as set_mempolicy(2) takes them
    std::vector<uint64_t> nodes;  // a bit each; empty for none
    std::string text;             // as config.json has it: "MPOL_BIND of 0-1"
    bool operator==(const SetMemoryPolicy&) const = default;
};

// Pure. Nothing when config.json does not have it. Which combinations are allowed is checked by
// spec/check as far as it is the same for all kernels.
Result<std::optional<SetMemoryPolicy>> plan_memory_policy(const Spec& spec);
std::string describe(const SetMemoryPolicy& step);
// After joining the cgroup, to whose memory nodes the kernel cuts them. Inherited by every process
// of the container, kept over execve(2).
Status apply(const SetMemoryPolicy& step, Context& context);

}  // namespace sampan
