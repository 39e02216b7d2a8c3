// What a cgroup that exists already has as limits: the kernel compares a new value with some of the
// old ones, so the order of the writes depends on them, and what was not asked for stays.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "cgroup/record.h"
#include "spec/resources.h"

namespace sampan {

// Everything absent: a new cgroup, or a file that is not there.
struct PresentLimits {
    // Bytes, -1 for no limit.
    std::optional<std::int64_t> memory;
    std::optional<std::int64_t> memory_and_swap;  // of cgroup v1 only
    // Microseconds; the quota is -1 for none.
    std::optional<std::int64_t> cpu_quota;
    std::optional<std::uint64_t> cpu_period;
    std::optional<std::uint64_t> cpu_burst;
    std::optional<std::int64_t> realtime_runtime;
    std::optional<std::uint64_t> realtime_period;
    bool cpu_idle = false;
    bool operator==(const PresentLimits&) const = default;
};

PresentLimits read_present_limits(const CgroupRecord& record);

// The following are pure, and the same for both versions of cgroups.

// Whether the quota is written before the period, where both change (v1). Their ratio must not be
// above the parent's at any time; in one of the two orders the ratio between the writes is no
// larger than before or than after.
bool quota_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// The same for the real-time scheduler.
bool realtime_runtime_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// The burst must not be above the quota at any time.
bool burst_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// An idle cgroup refuses a weight.
bool idle_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// What the kernel would refuse with no more than "Invalid argument". The error has its pointer.
Status check_against(const spec::Cpu& cpu, const PresentLimits& present);

}  // namespace sampan
