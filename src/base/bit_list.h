// Lists of numbers as the kernel writes them for CPUs and memory nodes: "0-3,7".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// What is numbered.
struct Numbered {
    std::string_view name;  // of one, for errors
    uint32_t most;          // no kernel is built for more
};
inline constexpr Numbered cpu_numbers{"CPU", 8192};           // NR_CPUS
inline constexpr Numbered node_numbers{"memory node", 1024};  // CONFIG_NODES_SHIFT is at most 10

// As bits, 64 in each word. Pure. Errors: what is no list, and a number that no kernel has.
Result<std::vector<uint64_t>> parse_bit_list(std::string_view list, const Numbered& what);

}  // namespace sampan
