#include "cli/ps_table.h"

#include <algorithm>

#include "base/text.h"

namespace sampan {

Result<std::string> keep_processes(std::string_view table, const std::vector<pid_t>& pids) {
    const std::vector<std::string_view> lines = split(table, '\n');
    const std::vector<std::string_view> titles = split_words(lines[0]);
    const auto title = std::ranges::find(titles, "PID");
    if (title == titles.end()) return failf("ps prints no column PID: \"{}\"", lines[0]);
    const auto column = static_cast<size_t>(title - titles.begin());
    std::string kept = std::string(lines[0]) + "\n";
    for (size_t i = 1; i < lines.size(); ++i) {
        const std::vector<std::string_view> words = split_words(lines[i]);
        if (words.empty()) continue;
        const std::optional<pid_t> pid =
            column < words.size() ? parse_number<pid_t>(words[column]) : std::nullopt;
        if (!pid)
            return failf("ps prints no number below PID: \"{}\"", lines[i])
                .hint("let pid be the first column");
        if (std::ranges::find(pids, *pid) != pids.end()) kept += std::string(lines[i]) + "\n";
    }
    return kept;
}

}  // namespace sampan
