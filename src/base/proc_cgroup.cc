#include "base/proc_cgroup.h"

#include "base/text.h"

namespace sampan {

std::vector<ProcCgroup> parse_proc_cgroup(std::string_view text) {
    std::vector<ProcCgroup> all;
    for (const std::string_view line : split(text, '\n')) {
        const size_t first = line.find(':');
        if (first == std::string_view::npos) continue;
        const size_t second = line.find(':', first + 1);
        if (second == std::string_view::npos) continue;
        all.push_back({line.substr(first + 1, second - first - 1), line.substr(second + 1)});
    }
    return all;
}

std::optional<std::string> unified_path(std::string_view text) {
    for (const ProcCgroup& one : parse_proc_cgroup(text))
        if (one.controllers.empty()) return std::string(one.path);
    return std::nullopt;
}

}  // namespace sampan
