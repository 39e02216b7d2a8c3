// What `list` says and is told in words: how long ago something was, and which containers it is
// about. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The status that `list` gives a container that cannot be read.
inline constexpr std::string_view broken_status = "broken";
// The same of one that the caller may not read.
inline constexpr std::string_view unreadable_status = "unreadable";

// "3 minutes ago", of a time that many seconds ago; nothing is said of the future.
std::string ago(int64_t seconds);

// The statuses of "status=running,paused", of all such texts together. Empty if there is none: then
// all containers are meant.
Result<std::vector<std::string>> parse_status_filters(const std::vector<std::string>& filters);

}  // namespace sampan
