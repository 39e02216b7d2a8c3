// --trace FILE.svg: what was done, as a picture that needs nothing else.
#pragma once

#include <string>
#include <string_view>

#include "cli/timeline.h"

namespace sampan {

// On top a lane for each walker with its phases, below a bar for each step beside its whole text.
// For light and dark surroundings. Pure.
std::string trace_svg(const Timeline& timeline, std::string_view title);

}  // namespace sampan
