// /proc/self/mountinfo, as far as it is needed (proc_pid_mountinfo(5)). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sampan {

struct MountedPlace {
    uint32_t id = 0;
    uint32_t parent = 0;  // the mount that it stands on
    std::string point;    // plain, not as the file escapes it
    std::string type;     // of the file system
    bool operator==(const MountedPlace&) const = default;
};

// In the order of the file: what stands on another mount comes after it. Lines that are no mounts
// are left out.
std::vector<MountedPlace> parse_mountinfo(std::string_view text);

}  // namespace sampan
