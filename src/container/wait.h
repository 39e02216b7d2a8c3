// `wait`: until a container has ended.
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// Returns the exit code of the container's first process, or 128 and the signal that ended it. That
// process need not be our child, and may have ended before. It is an error if its exit code is not
// known to anybody any more.
Result<int> wait_for_container(const Store& store, const std::string& name);

}  // namespace sampan
