#include "compose/sub_ids.h"

#include <limits>

namespace sampan {

std::vector<spec::IdMapping> map_lent_ids(const std::vector<LentIds>& lent, uint32_t own) {
    std::vector<spec::IdMapping> maps = {{.container_id = 0, .host_id = own, .size = 1}};
    uint32_t next = 1;
    for (const LentIds& ids : lent) {
        if (ids.count > std::numeric_limits<uint32_t>::max() - next) continue;
        maps.push_back({.container_id = next, .host_id = ids.first, .size = ids.count});
        next += ids.count;
    }
    return maps;
}

}  // namespace sampan
