// Where in a file a known property belongs.
#pragma once

#include <string>
#include <string_view>

#include "spec/fields.h"

namespace sampan::spec {

// "it belongs in /linux", if some object of `root` has a property of this name, and few have; ""
// otherwise.
std::string hint_for_home(const ObjectType& root, std::string_view name);

}  // namespace sampan::spec
