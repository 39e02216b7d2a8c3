// What /proc/PID/status says of a process (proc_pid_status(5)). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sampan {

// Ids are as our user namespace sees them. What the kernel does not say is absent.
struct ProcessStatus {
    std::optional<uint32_t> uid;  // the effective one, here and below
    std::optional<uint32_t> gid;
    std::vector<uint32_t> groups;
    std::optional<uint32_t> umask;
    // Capabilities as bits.
    std::optional<uint64_t> inheritable;
    std::optional<uint64_t> permitted;
    std::optional<uint64_t> effective;
    std::optional<uint64_t> bounding;
    std::optional<uint64_t> ambient;
    std::optional<bool> no_new_privileges;
    std::optional<uint32_t> seccomp_mode;  // 0: none, 1: strict, 2: filter
    std::optional<uint32_t> seccomp_filters;
    bool operator==(const ProcessStatus&) const = default;
};

ProcessStatus parse_process_status(std::string_view text);

}  // namespace sampan
