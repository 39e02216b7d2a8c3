// What a container uses, as its cgroups count it. What a kernel or a hierarchy does not count is 0,
// or absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cgroup/record.h"

namespace sampan {

inline constexpr uint64_t unlimited = ~uint64_t{0};

// Pure: `unlimited` if one of them is, or if config.json has no number for the sum.
uint64_t add_limits(uint64_t one, uint64_t other);

// Pressure stall information: how much time processes lost by waiting for a resource.
struct PressureLine {
    // In hundredths of a percent, over 10, 60 and 300 seconds.
    uint32_t avg10 = 0;
    uint32_t avg60 = 0;
    uint32_t avg300 = 0;
    uint64_t total_us = 0;
    bool operator==(const PressureLine&) const = default;
};
struct Pressure {
    PressureLine some;  // at least one process waited
    PressureLine full;  // all of them waited
    bool operator==(const Pressure&) const = default;
};

struct CpuUsage {
    uint64_t total_ns = 0;
    uint64_t user_ns = 0;
    uint64_t kernel_ns = 0;
    std::vector<uint64_t> per_cpu_ns;  // v1
    uint64_t periods = 0;              // of the quota
    uint64_t throttled_periods = 0;
    uint64_t throttled_ns = 0;
    std::optional<Pressure> pressure;
};

struct CpusetUsage {
    std::vector<uint32_t> cpus;
    std::vector<uint32_t> mems;
    // Flags and numbers of v1, by the names of their files without "cpuset.".
    std::vector<std::pair<std::string, int64_t>> settings;
};

struct MemoryCount {
    uint64_t usage = 0;  // bytes, as all but the last
    uint64_t most = 0;
    uint64_t limit = 0;  // or `unlimited`
    uint64_t failures = 0;
};
struct MemoryUsage {
    uint64_t cache = 0;
    MemoryCount memory;
    MemoryCount swap;  // memory and swap together, as v1 counts it
    MemoryCount kernel;
    MemoryCount kernel_tcp;
    std::vector<std::pair<std::string, uint64_t>> stat;  // the lines of memory.stat
    std::optional<Pressure> pressure;
};

struct PidsUsage {
    uint64_t current = 0;
    uint64_t limit = 0;  // 0: none
};

struct IoCount {
    uint64_t major = 0;
    uint64_t minor = 0;
    std::string operation;  // "Read", "Write", …
    uint64_t value = 0;
    bool operator==(const IoCount&) const = default;
};
struct IoUsage {
    std::vector<IoCount> bytes;
    std::vector<IoCount> operations;
    std::optional<Pressure> pressure;
};

struct HugetlbUsage {
    std::string page_size;  // "2MB"
    uint64_t usage = 0;
    uint64_t most = 0;
    uint64_t failures = 0;
};

struct CgroupCounts {
    CpuUsage cpu;
    CpusetUsage cpuset;
    MemoryUsage memory;
    PidsUsage pids;
    IoUsage io;
    std::vector<HugetlbUsage> hugetlb;
};

// A cgroup that is gone counts nothing.
CgroupCounts read_usage(const CgroupRecord& record);

// The texts of files; pure.
std::optional<Pressure> parse_pressure(std::string_view text);
std::vector<std::pair<std::string, uint64_t>> parse_stat_lines(std::string_view text);
// blkio.throttle.* of v1
std::vector<IoCount> parse_blkio(std::string_view text);
// io.stat of v2: adds to `usage`
void parse_io_stat(std::string_view text, IoUsage& usage);
// "0-2,7": the numbers; none if it is no such list.
std::vector<uint32_t> parse_number_list(std::string_view text);

}  // namespace sampan
