// Standard output of commands. What cannot be written makes the command fail: whoever reads it
// would take a part of it, or nothing, for the whole.
#pragma once

#include <string_view>

#include "base/result.h"

namespace sampan {

// Also where standard output was closed when we were started, or nobody reads it any more.
Status print(std::string_view text);
// Standard output was closed when we were started; something else has its number now.
void output_is_closed();

}  // namespace sampan
