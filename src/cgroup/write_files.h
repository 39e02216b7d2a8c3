// Planned writes, carried out in a directory: one after the other for a new cgroup, or, where there
// are values already, so that they can be written back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"

namespace sampan {

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
