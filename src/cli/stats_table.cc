#include "cli/stats_table.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "cli/timeline.h"

namespace sampan {

namespace {

// Of one CPU: 250 % are two and a half.
std::string cpu_percent(const StatsRow& row) {
    const uint64_t now = row.usage.cgroup.cpu.total_ns;
    if (row.since.count() <= 0 || now < row.cpu_before_ns) return "-";
    const auto used = static_cast<double>(now - row.cpu_before_ns);
    const double tenths = used * 1000 / static_cast<double>(row.since.count());
    return decimal(static_cast<int64_t>(tenths + 0.5), 1) + "%";
}

// cgroup v1 writes the largest number of pages where there is no limit.
bool is_limit(uint64_t bytes) {
    constexpr uint64_t none = uint64_t{1} << 62;
    return bytes > 0 && bytes < none;
}

std::string memory_percent(const MemoryCount& memory) {
    if (!is_limit(memory.limit)) return "-";
    return decimal(static_cast<int64_t>(static_cast<double>(memory.usage) * 1000 /
                                        static_cast<double>(memory.limit)),
                   1) +
           "%";
}

uint64_t sum(const std::vector<IoCount>& counts, std::string_view operation) {
    uint64_t all = 0;
    for (const IoCount& count : counts)
        if (count.operation == operation) all += count.value;
    return all;
}

std::vector<std::string> cells(const StatsRow& row) {
    const CgroupCounts& usage = row.usage.cgroup;
    const MemoryCount& memory = usage.memory.memory;
    return {row.id,
            cpu_percent(row),
            short_bytes(memory.usage),
            is_limit(memory.limit) ? short_bytes(memory.limit) : "-",
            memory_percent(memory),
            format("{}", usage.pids.current),
            usage.pids.limit > 0 ? format("{}", usage.pids.limit) : "-",
            short_bytes(sum(usage.io.bytes, "Read")),
            short_bytes(sum(usage.io.bytes, "Write"))};
}

}  // namespace

std::string short_bytes(uint64_t bytes) {
    constexpr std::string_view units = "BKMGTPE";
    size_t unit = 0;
    double value = static_cast<double>(bytes);
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    if (unit == 0) return format("{}B", bytes);
    return decimal(static_cast<int64_t>(value * 10 + 0.5), 1) + units[unit];
}

std::vector<std::string> stats_table(const std::vector<StatsRow>& rows) {
    std::vector<std::vector<std::string>> lines{
        {"ID", "CPU", "MEMORY", "LIMIT", "MEMORY %", "PIDS", "LIMIT", "READ", "WRITTEN"}};
    for (const StatsRow& row : rows)
        lines.push_back(cells(row));
    std::vector<size_t> widths(lines[0].size());
    for (const auto& line : lines)
        for (size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    std::vector<std::string> table;
    for (const auto& line : lines) {
        std::string text = format("{:<{}}", line[0], widths[0]);
        for (size_t i = 1; i < line.size(); ++i)
            text += format("  {:>{}}", line[i], std::max<size_t>(widths[i], 7));
        table.push_back(std::move(text));
    }
    return table;
}

}  // namespace sampan
