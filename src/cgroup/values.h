// The values in a cgroup's files: what is there, changing all of them or none, and taking it back.
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

// The limits that an existing cgroup already has. The kernel compares a new value with some of the
// old ones, so the order of the writes depends on them; and what was not asked for stays.
// Everything is absent for a new cgroup, and for files that do not exist.
struct PresentLimits {
    // In bytes; -1 for no limit.
    std::optional<int64_t> memory;
    std::optional<int64_t> memory_and_swap;  // of cgroup v1 only
    // In microseconds; a quota of -1 is none.
    std::optional<int64_t> cpu_quota;
    std::optional<uint64_t> cpu_period;
    std::optional<uint64_t> cpu_burst;
    std::optional<int64_t> realtime_runtime;
    std::optional<uint64_t> realtime_period;
    bool cpu_idle = false;
    bool operator==(const PresentLimits&) const = default;
};

PresentLimits read_present_limits(const CgroupRecord& record);

// Writes in the given order, up to the first failure. Errors have the pointer.
Status write_each(const std::string& directory, const std::vector<CgroupWrite>& writes);

// config-linux.md#memory, checkBeforeUpdate: an error if a limit is below the memory in use. cgroup
// v1 would only refuse what it cannot swap out or drop; v2 would kill.
Status check_usage(const CgroupPlace& place, const UsageCheck& check);

// A value for a file, and the one that was there before.
struct CgroupChange {
    std::string path;
    std::string value;
    std::string before;  // "": it cannot be read, and so not be written back
    std::string origin;
};

// The writes with the files to which they will go: `other_file` if `file` is missing; a write is
// left out if that does not matter, and otherwise it is an error.
Result<std::vector<CgroupWrite>> existing_files(const std::string& directory,
                                                const std::vector<CgroupWrite>& writes);

// What such writes will change, in their order. Writes nothing.
std::vector<CgroupChange> foresee_changes(const std::string& directory,
                                          const std::vector<CgroupWrite>& writes);

// Makes all changes or none: if one fails, those before it are taken back. Errors have the pointer.
Status make_changes(const std::vector<CgroupChange>& changes);
// Writes the old values back, the last one first.
Status take_back(const std::vector<CgroupChange>& changes);

// Pure: the lines of a file that are about a device: "8:0 500".
std::vector<std::string> device_lines(std::string_view text);

// Pure: what must be written to undo `write`, if its file had this text. In a file with a line for
// each device it is the line of the same device. "" if it is not known.
std::string value_before(const CgroupWrite& write, std::string_view text);

}  // namespace sampan
