// The parts of /proc/PID/mountinfo that we need (proc_pid_mountinfo(5)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

struct MountedPlace {
    uint32_t id = 0;
    uint32_t parent = 0;  // the mount on which it is
    std::string point;    // plain, without the escapes of the file
    std::string type;     // of the file system
    bool operator==(const MountedPlace&) const = default;
};

// A field of the file without its escapes: \040 and the like stand for blanks, tabs, line ends and
// backslashes.
std::string unescape_mountinfo(std::string_view text);

// In the order of the file: a mount comes after the mount on which it is. Lines that are not mounts
// are left out.
std::vector<MountedPlace> parse_mountinfo(std::string_view text);

// The mounts that `process` sees: "self", or a pid. `proc` is a checked procfs.
Result<std::vector<MountedPlace>> read_mountinfo(int proc, const std::string& process = "self");

}  // namespace sampan
