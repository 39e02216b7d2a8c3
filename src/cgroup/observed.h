// The limits that a container's cgroups really have, and what is in use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/record.h"
#include "spec/leaves.h"
#include "spec/resources.h"

namespace sampan {

struct CgroupUsage {
    std::optional<uint64_t> memory;  // bytes
    std::optional<uint64_t> memory_peak;
    std::optional<uint64_t> processes;  // and threads
    std::optional<uint64_t> cpu;        // microseconds
};

// What cannot be read is absent. Memory and swap together are one limit, as in cgroup v1; values of
// cgroup v2 that config.json has no word for are in `unified`.
spec::Resources observe_resources(const CgroupRecord& record);
CgroupUsage observe_usage(const CgroupRecord& record);

// Where a file of the cgroup has another value than create would write for `asked`, by the same
// plan. Values that the kernel changes by itself (to whole pages, to sorted lists) are the same.
std::vector<Difference> compare_resources(const spec::Resources& asked, const CgroupRecord& record);

// Pure. Whether a value that was written to the file, and one that was read from it, are the same.
bool is_same_value(const std::string& file, std::string_view written, std::string_view read);

}  // namespace sampan
