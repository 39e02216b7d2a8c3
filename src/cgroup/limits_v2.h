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

// Everything of `resources` but devices, `unified` last, in the order in which a cgroup takes
// it that has the `present` limits (none: a new one). Values are converted from those of cgroup v1;
// what has no like in v2 (swappiness, leafWeight, network, real-time limits, disableOOMKiller) is
// an error, as config-linux.md#unified demands.
Result<std::vector<CgroupWrite>> plan_resources_v2(const spec::Resources& resources,
                                                   const PresentLimits& present);

// Values of cgroup v1, in which config.json speaks, to those of cgroup v2
// (config-linux.md#unified, last paragraph).

// cpu.shares (2 to 262144, default 1024) to cpu.weight (1 to 10000, default 100): the quadratic
// function through these three points on logarithmic scales, as runc since 1.3.2 and crun since
// 1.24 do. Clamped to the ranges.
uint64_t weight_of_shares(uint64_t shares);

// blkio.weight (10 to 1000) to io.weight (1 to 10000), linear.
uint64_t io_weight_of_blkio_weight(uint16_t weight);

// memory.swap.max from the limit of memory and swap together and the limit of memory, -1 for no
// limit both ways; nothing when nothing is to be set. Unlimited memory without a word about swap
// means unlimited swap too. Errors: a limit of both that is below that of memory, or without one.
Result<std::optional<int64_t>> swap_max(const std::optional<int64_t>& memory_and_swap,
                                        const std::optional<int64_t>& memory);

// -1 is "max".
std::string limit_or_max(int64_t limit);

}  // namespace sampan
