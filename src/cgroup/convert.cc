#include "cgroup/convert.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace sampan {

std::uint64_t weight_of_shares(std::uint64_t shares) {
    constexpr std::uint64_t lowest = 2;
    constexpr std::uint64_t highest = 262144;
    const std::uint64_t clamped = std::clamp(shares, lowest, highest);
    // The ends by name: rounding could miss them by one.
    if (clamped == lowest) return 1;
    if (clamped == highest) return 10000;
    const double l = std::log2(static_cast<double>(clamped));
    const double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
    return static_cast<std::uint64_t>(std::ceil(std::pow(10, exponent)));
}

std::uint64_t io_weight_of_blkio_weight(std::uint16_t weight) {
    const std::uint64_t clamped = std::clamp<std::uint64_t>(weight, 10, 1000);
    return 1 + (clamped - 10) * 9999 / 990;
}

Result<std::optional<std::int64_t>> swap_max(const std::optional<std::int64_t>& memory_and_swap,
                                             const std::optional<std::int64_t>& memory) {
    if (!memory_and_swap) {
        if (memory == -1) return -1;
        return std::nullopt;
    }
    if (*memory_and_swap == -1) return -1;
    if (memory == -1) return *memory_and_swap;
    if (!memory) return fail("a limit of memory and swap together needs a limit of memory");
    if (*memory_and_swap < *memory)
        return failf("the limit of memory and swap together ({}) is below that of memory ({})",
                     *memory_and_swap, *memory);
    return *memory_and_swap - *memory;
}

Result<std::string> limit_or_max(std::int64_t limit) {
    if (limit == -1) return std::string("max");
    if (limit < 0) return failf("a limit is -1 (none) or not negative, not {}", limit);
    return format("{}", limit);
}

}  // namespace sampan
