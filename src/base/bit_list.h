// Lists of numbers in the form in which the kernel writes CPUs and memory nodes: "0-3,7".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// What the numbers stand for.
struct Numbered {
    std::string_view name;  // the word for one of them, for errors
    uint32_t most;          // the largest number that any kernel can have
};
inline constexpr Numbered cpu_numbers{"CPU", 8192};           // NR_CPUS
inline constexpr Numbered node_numbers{"memory node", 1024};  // CONFIG_NODES_SHIFT is at most 10

// The numbers as bits, 64 in each word. Pure. It is an error if the text is not such a list, or if
// a number is larger than any kernel has.
Result<std::vector<uint64_t>> parse_bit_list(std::string_view list, const Numbered& what);

}  // namespace sampan
