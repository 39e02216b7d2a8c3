// What may have been meant by the type of a file system, or an option, that the kernel refuses.
#pragma once

#include <string>

namespace sampan {

// By the types that this kernel has; "" if none is near.
std::string hint_for_type(const std::string& type);
// By options of all mounts and of common file systems; "" if none is near, and for a known one,
// whose value then is wrong.
std::string hint_for_option(const std::string& option);

}  // namespace sampan
