// The CPUs that the container may run on.
#pragma once

#include <string>

#include "base/result.h"
#include "linux/context.h"

namespace sampan {

// Takes back the affinity mask that was inherited from the caller (an engine pinned to some CPUs),
// so that the cgroup alone decides. Since Linux 6.2 joining a cpuset does not do that by itself.
struct ResetCpuAffinity {
    std::string origin;
    bool operator==(const ResetCpuAffinity&) const = default;
};

std::string describe(const ResetCpuAffinity& step);
// After joining the cgroup: the kernel cuts the mask to the CPUs of the cpuset. A refusal is no
// error: the container then runs where its caller may.
Status apply(const ResetCpuAffinity& step, Context& context);

}  // namespace sampan
