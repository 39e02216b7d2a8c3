#include "base/bit_list.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace sampan {

Result<std::vector<uint64_t>> parse_bit_list(std::string_view list, const Numbered& what) {
    std::vector<uint64_t> mask;
    for (std::string_view item : split(list, ',')) {
        item = trim(item);
        const size_t dash = std::min(item.find('-'), item.size());
        const auto first = parse_number<uint32_t>(item.substr(0, dash));
        const auto last =
            dash == item.size() ? first : parse_number<uint32_t>(item.substr(dash + 1));
        if (!first || !last || *last < *first)
            return fail(format("\"{}\" is not a list of {}s", list, what.name))
                .hint("write numbers and ranges, such as \"0-3,7\"");
        if (*last >= what.most)
            return failf("there is no {} {}: the last one is at most {}", what.name, *last,
                         what.most - 1);
        if (mask.size() <= *last / 64) mask.resize(*last / 64 + 1);
        for (uint32_t number = *first; number <= *last; ++number)
            mask[number / 64] |= uint64_t{1} << (number % 64);
    }
    return mask;
}

}  // namespace sampan
