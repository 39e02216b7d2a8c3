// Lists of numbers as the kernel writes them for CPUs and memory nodes: "0-3,7".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// As bits, 64 in each word. Pure. Errors: what is no list, and a number of `most` or above, which
// no kernel is built for. `what` names one in the error: "CPU".
Result<std::vector<uint64_t>> parse_bit_list(std::string_view list,
                                             uint32_t most,
                                             std::string_view what);

}  // namespace sampan
