// What to do about a path of the host that does not exist, or belongs to somebody else.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "linux/id_map.h"

namespace sampan {

// "did you mean PATH?" with a name that is there and similar to the first part that is missing;
// otherwise `rule`.
std::string hint_for_missing_path(const std::string& path, std::string_view rule);

// The errors of a root and of the source of a bind that cannot be opened, with a hint.
void explain_missing_root(Error& error, const std::string& path);
void explain_missing_source(Error& error, const std::string& path);

// What to do if something could not be made in a root whose owner is nobody in the container's user
// namespace; "" if it is somebody.
std::string hint_for_owner(const std::string& root, const IdMaps& maps);

}  // namespace sampan
