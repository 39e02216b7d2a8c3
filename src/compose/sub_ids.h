// The ids that the machine lends to a user (subuid(5), subgid(5)).
#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

#include "spec/mount.h"

namespace sampan {

// The map of a user namespace in which `own` is root: id 0 is `own`, and the ids from 1 on are
// those that `text`, a file like /etc/subuid, lends to the user `name`, or to the number `uid`.
// Without such a line only id 0 is mapped. Lines that make no sense are skipped.
[[nodiscard]] std::vector<spec::IdMapping> lent_ids(std::string_view text,
                                                    std::string_view name,
                                                    uid_t uid,
                                                    uint32_t own);

}  // namespace sampan
