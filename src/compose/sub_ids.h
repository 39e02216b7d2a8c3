// The ids that the machine lends to a user (subuid(5), subgid(5)).
#pragma once

#include <cstdint>
#include <vector>

#include "host/user_namespaces.h"
#include "spec/mount.h"

namespace sampan {

// The map of a user namespace in which `own` is root: id 0 is `own`, and the ids from 1 on are
// those that are lent (lent_ids() of host/user_namespaces.h), as far as there are numbers for them.
[[nodiscard]] std::vector<spec::IdMapping> map_lent_ids(const std::vector<LentIds>& lent,
                                                        uint32_t own);

}  // namespace sampan
