// Parses /proc/PID/cgroup (cgroups(7)): "4:cpu,cpuacct:/path" for each hierarchy of cgroup v1,
// "0::/path" for cgroup v2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sampan {

struct ProcCgroup {
    std::string_view controllers;  // "cpu,cpuacct", "name=systemd"; empty for cgroup v2
    std::string_view path;         // as the reading process sees it; may contain colons
};

// The lines, as views of `text`.
std::vector<ProcCgroup> parse_proc_cgroup(std::string_view text);
// The path in cgroup v2.
std::optional<std::string> unified_path(std::string_view text);

}  // namespace sampan
