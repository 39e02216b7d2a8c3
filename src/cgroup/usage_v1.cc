#include <array>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/usage_files.h"

namespace sampan {

namespace {

void read_cpuacct(const std::string& base, CpuUsage& cpu) {
    cpu.total_ns = usage_number(base + "cpuacct.usage");
    cpu.user_ns = usage_number(base + "cpuacct.usage_user");
    cpu.kernel_ns = usage_number(base + "cpuacct.usage_sys");
    const std::string each = usage_text(base + "cpuacct.usage_percpu");
    for (const std::string_view word : split_words(each))
        cpu.per_cpu_ns.push_back(parse_number<uint64_t>(word).value_or(0));
}

void read_throttling(const std::string& base, CpuUsage& cpu) {
    const std::string stat = usage_text(base + "cpu.stat");
    cpu.periods = find_value(stat, "nr_periods").value_or(0);
    cpu.throttled_periods = find_value(stat, "nr_throttled").value_or(0);
    cpu.throttled_ns = find_value(stat, "throttled_time").value_or(0);
}

void read_cpuset(const std::string& base, CpusetUsage& cpuset) {
    cpuset.cpus = parse_number_list(usage_text(base + "cpuset.cpus"));
    cpuset.mems = parse_number_list(usage_text(base + "cpuset.mems"));
    constexpr std::array names{"cpu_exclusive",   "mem_hardwall",       "mem_exclusive",
                               "memory_migrate",  "memory_spread_page", "memory_spread_slab",
                               "memory_pressure", "sched_load_balance", "sched_relax_domain_level"};
    for (const char* name : names)
        if (const auto value = parse_number<int64_t>(trim(usage_text(base + "cpuset." + name))))
            cpuset.settings.emplace_back(name, *value);
}

// "memory", "memory.memsw", …
MemoryCount read_memory_count(const std::string& stem) {
    MemoryCount count{.usage = usage_number(stem + ".usage_in_bytes"),
                      .most = usage_number(stem + ".max_usage_in_bytes"),
                      .limit = usage_number(stem + ".limit_in_bytes"),
                      .failures = usage_number(stem + ".failcnt")};
    return count;
}

void read_memory(const std::string& base, MemoryUsage& memory) {
    const std::string stat = usage_text(base + "memory.stat");
    memory.stat = parse_stat_lines(stat);
    memory.cache = find_value(stat, "cache").value_or(0);
    memory.memory = read_memory_count(base + "memory");
    memory.swap = read_memory_count(base + "memory.memsw");
    memory.kernel = read_memory_count(base + "memory.kmem");
    memory.kernel_tcp = read_memory_count(base + "memory.kmem.tcp");
}

}  // namespace

void read_usage_v1(const CgroupPlace& place, CgroupCounts& usage) {
    const std::string base = directory_of(place) + "/";
    if (has_controller(place, "cpuacct")) read_cpuacct(base, usage.cpu);
    if (has_controller(place, "cpu")) read_throttling(base, usage.cpu);
    if (has_controller(place, "cpuset")) read_cpuset(base, usage.cpuset);
    if (has_controller(place, "memory")) read_memory(base, usage.memory);
    if (has_controller(place, "pids")) {
        usage.pids.current = usage_number(base + "pids.current");
        const uint64_t limit = usage_number(base + "pids.max");
        usage.pids.limit = limit == unlimited ? 0 : limit;
    }
    if (has_controller(place, "blkio")) {
        usage.io.bytes =
            parse_blkio(usage_text(base + "blkio.throttle.io_service_bytes_recursive"));
        usage.io.operations =
            parse_blkio(usage_text(base + "blkio.throttle.io_serviced_recursive"));
    }
    if (has_controller(place, "hugetlb")) read_hugetlb(place, usage);
}

}  // namespace sampan
