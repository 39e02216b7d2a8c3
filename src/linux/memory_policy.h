// linux.memoryPolicy (config-linux.md#memory-policy): the NUMA nodes from which memory is taken.
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
    int mode = 0;                 // MPOL_* and its flags, for set_mempolicy(2)
    std::vector<uint64_t> nodes;  // as bits; empty for none
    std::string text;             // as in config.json: "MPOL_BIND of 0-1"
    bool operator==(const SetMemoryPolicy&) const = default;
};

// Pure. Nothing if config.json does not have it. spec/check checks which combinations are allowed,
// as far as it is the same for all kernels.
Result<std::optional<SetMemoryPolicy>> plan_memory_policy(const Spec& spec);
std::string describe(const SetMemoryPolicy& step);
// To be called after the cgroup was joined, because the kernel cuts the nodes to its memory nodes.
// Every process of the container inherits the policy, and execve(2) keeps it.
Status apply(const SetMemoryPolicy& step, Context& context);

}  // namespace sampan
