#include "compose/sub_ids.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/text.h"

namespace sampan {

namespace {

// user:first:count
std::optional<spec::IdMapping> range_in(std::string_view line,
                                        std::string_view name,
                                        std::string_view number) {
    const std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() != 3 || (fields[0] != name && fields[0] != number)) return std::nullopt;
    const auto first = parse_number<uint32_t>(fields[1]);
    const auto count = parse_number<uint32_t>(fields[2]);
    constexpr uint32_t most = std::numeric_limits<uint32_t>::max();
    if (!first || !count || *count == 0 || *first > most - *count) return std::nullopt;
    return spec::IdMapping{.container_id = 0, .host_id = *first, .size = *count};
}

}  // namespace

std::vector<spec::IdMapping> lent_ids(std::string_view text,
                                      std::string_view name,
                                      uid_t uid,
                                      uint32_t own) {
    std::vector<spec::IdMapping> maps = {{.container_id = 0, .host_id = own, .size = 1}};
    const std::string number = format("{}", uid);
    uint32_t next = 1;
    for (const std::string_view line : split(text, '\n')) {
        std::optional<spec::IdMapping> range = range_in(trim(line), name, number);
        if (!range || range->size > std::numeric_limits<uint32_t>::max() - next) continue;
        range->container_id = next;
        next += range->size;
        maps.push_back(*range);
    }
    return maps;
}

}  // namespace sampan
