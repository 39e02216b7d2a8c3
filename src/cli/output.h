// Standard output of commands. If output cannot be written, the command fails: a reader would take
// a part of it, or nothing, for the whole.
#pragma once

#include <string_view>

#include "base/result.h"

namespace sampan {

// An error also if standard output was closed when we were started, or nobody reads it any more.
Status print(std::string_view text);
// Standard output was closed when we were started, and something else has its number now.
void output_is_closed();

}  // namespace sampan
