// Names of users, as a running container knows them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "container/store.h"
#include "linux/user_names.h"

namespace sampan {

// find_user() with the files of the container's root. They are read by a process of its own, and
// before any lock is held: the container can make the reading of a file last as long as it likes
// (FUSE), which a signal ends.
Result<FoundUser> find_user_in(const Store& store, const std::string& name, std::string_view user);

}  // namespace sampan
