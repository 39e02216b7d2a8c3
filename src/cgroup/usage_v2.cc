#include <algorithm>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/usage_files.h"

namespace sampan {

namespace {

void read_cpu(const std::string& base, CpuUsage& cpu) {
    constexpr uint64_t microsecond = 1000;
    const std::string stat = usage_text(base + "cpu.stat");
    const auto value = [&stat](std::string_view name) {
        return find_value(stat, name).value_or(0);
    };
    cpu.total_ns = value("usage_usec") * microsecond;
    cpu.user_ns = value("user_usec") * microsecond;
    cpu.kernel_ns = value("system_usec") * microsecond;
    cpu.periods = value("nr_periods");
    cpu.throttled_periods = value("nr_throttled");
    cpu.throttled_ns = value("throttled_usec") * microsecond;
}

// Readers expect memory and swap together, as v1 counts them.
MemoryCount count_swap(const std::string& base, const MemoryCount& memory) {
    MemoryCount swap;
    swap.usage = memory.usage + usage_number(base + "memory.swap.current");
    swap.limit = add_limits(memory.limit, usage_number(base + "memory.swap.max"));
    swap.failures = find_value(usage_text(base + "memory.swap.events"), "fail").value_or(0);
    return swap;
}

void read_memory_v2(const std::string& base, MemoryUsage& memory) {
    const std::string stat = usage_text(base + "memory.stat");
    if (stat.empty()) return;  // there is no controller
    memory.stat = parse_stat_lines(stat);
    memory.cache = find_value(stat, "file").value_or(0);
    memory.memory = {.usage = usage_number(base + "memory.current"),
                     .most = usage_number(base + "memory.peak"),
                     .limit = usage_number(base + "memory.max"),
                     .failures = find_value(usage_text(base + "memory.events"), "max").value_or(0)};
    memory.swap = count_swap(base, memory.memory);
    memory.kernel.usage = find_value(stat, "kernel").value_or(0);
}

}  // namespace

void read_usage_v2(const CgroupPlace& place, CgroupCounts& usage) {
    const std::string base = directory_of(place) + "/";
    read_cpu(base, usage.cpu);
    usage.cpuset.cpus = parse_number_list(usage_text(base + "cpuset.cpus.effective"));
    usage.cpuset.mems = parse_number_list(usage_text(base + "cpuset.mems.effective"));
    read_memory_v2(base, usage.memory);
    usage.pids.current = usage_number(base + "pids.current");
    const uint64_t limit = usage_number(base + "pids.max");
    usage.pids.limit = limit == unlimited ? 0 : limit;
    parse_io_stat(usage_text(base + "io.stat"), usage.io);
    read_hugetlb(place, usage);
}

void read_pressures(const CgroupPlace& place, CgroupCounts& usage) {
    const std::string base = directory_of(place) + "/";
    usage.cpu.pressure = parse_pressure(usage_text(base + "cpu.pressure"));
    usage.memory.pressure = parse_pressure(usage_text(base + "memory.pressure"));
    usage.io.pressure = parse_pressure(usage_text(base + "io.pressure"));
}

}  // namespace sampan
