// linux.resources as writes to the files of cgroup v2; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/values.h"

namespace sampan {

// Everything of `resources` except devices, with `unified` last, in an order in which a cgroup
// accepts it that has the limits `present` (none: a new one). Values are converted from those of
// cgroup v1. What v2 does not have (swappiness, leafWeight, network, real-time limits,
// disableOOMKiller) is an error, as config-linux.md#unified demands.
Result<std::vector<CgroupWrite>> plan_resources_v2(const spec::Resources& resources,
                                                   const PresentLimits& present);

// Converts values of cgroup v1, which config.json has, to those of cgroup v2
// (config-linux.md#unified, last paragraph).

// cpu.shares (2 to 262144, default 1024) to cpu.weight (1 to 10000, default 100), like runc since
// 1.3.2 and crun since 1.24: by the quadratic function through these three points on logarithmic
// scales. The result is clamped to the range.
uint64_t weight_of_shares(uint64_t shares);

// blkio.weight (10 to 1000) to io.weight (1 to 10000), linear.
uint64_t io_weight_of_blkio_weight(uint16_t weight);

// memory.swap.max from the limit of memory and swap together and the limit of memory, -1 for no
// limit both ways; nothing when nothing is to be set. Unlimited memory without a word about swap
// means unlimited swap too. Errors: a limit of both that is below that of memory, or without one.
Result<std::optional<int64_t>> swap_max(const std::optional<int64_t>& memory_and_swap,
                                        const std::optional<int64_t>& memory);

}  // namespace sampan
