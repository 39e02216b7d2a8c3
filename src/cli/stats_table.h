// What containers use, as a table for people.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "container/usage.h"

namespace sampan {

struct StatsRow {
    std::string id;
    ContainerUsage usage;
    // The same a moment before, to know how much CPU time is used now.
    uint64_t cpu_before_ns = 0;
    std::chrono::nanoseconds since{0};
};

// Lines: titles, then a container each. Pure.
std::vector<std::string> stats_table(const std::vector<StatsRow>& rows);

// "12.3M": bytes with a power of 1024; pure.
std::string short_bytes(uint64_t bytes);

}  // namespace sampan
