// What may have been meant by the type of a file system, or an option, that the kernel refuses.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "mounts/filesystem.h"

namespace sampan {

// A warning for a type that this kernel does not have, and for options that are probably mistyped:
// they are near to known ones, of a file system whose options are known here.
std::vector<Problem> mistyped_names(const MountFilesystem& step);

// By the types that this kernel has; "" if none is near.
std::string hint_for_type(const std::string& type);
// By options of all mounts and of common file systems; "" if none is near, and for a known one,
// whose value then is wrong.
std::string hint_for_option(const std::string& option);

}  // namespace sampan
