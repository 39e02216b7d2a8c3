// The values of a cgroup's files: what is there, changed all or not at all, and taken back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "spec/resources.h"

namespace sampan {

// What a cgroup that exists already has as limits: the kernel compares a new value with some of the
// old ones, so the order of the writes depends on them, and what was not asked for stays.
// Everything absent: a new cgroup, or a file that is not there.
struct PresentLimits {
    // Bytes, -1 for no limit.
    std::optional<int64_t> memory;
    std::optional<int64_t> memory_and_swap;  // of cgroup v1 only
    // Microseconds; the quota is -1 for none.
    std::optional<int64_t> cpu_quota;
    std::optional<uint64_t> cpu_period;
    std::optional<uint64_t> cpu_burst;
    std::optional<int64_t> realtime_runtime;
    std::optional<uint64_t> realtime_period;
    bool cpu_idle = false;
    bool operator==(const PresentLimits&) const = default;
};

PresentLimits read_present_limits(const CgroupRecord& record);

// In order, up to the first that fails. Errors carry the pointer.
Status write_each(const std::string& directory, const std::vector<CgroupWrite>& writes);

// config-linux.md#memory, checkBeforeUpdate: an error when a limit is below what is in use. cgroup
// v1 would only refuse what it cannot swap or throw out, and v2 would kill.
Status check_usage(const CgroupPlace& place, const UsageCheck& check);

// One value of a file, and the one that was there before.
struct CgroupChange {
    std::string path;
    std::string value;
    std::string before;  // "": what cannot be read cannot be written back
    std::string origin;
};

// The writes with the files that they will go to: `other_file` where `file` is missing, none where
// that is no matter. An error when a file that has to be there is missing.
Result<std::vector<CgroupWrite>> existing_files(const std::string& directory,
                                                const std::vector<CgroupWrite>& writes);

// What such writes are going to change, in order. Writes nothing.
std::vector<CgroupChange> foresee_changes(const std::string& directory,
                                          const std::vector<CgroupWrite>& writes);

// All of them or none: those that were made before one failed are taken back. Errors carry the
// pointer.
Status make_changes(const std::vector<CgroupChange>& changes);
// Writes back, last one first.
Status take_back(const std::vector<CgroupChange>& changes);

// Pure: the lines of a file that belong to a device: "8:0 500".
std::vector<std::string> device_lines(std::string_view text);

// Pure: what to write so that `write` is undone, where its file had this text. Of a file with a
// line for each device it is the line of the same device, and "" where nothing is known.
std::string value_before(const CgroupWrite& write, std::string_view text);

}  // namespace sampan
