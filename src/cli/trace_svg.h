// --trace FILE.svg: what was done, as a picture that needs nothing else.
#pragma once

#include <string>
#include <string_view>

#include "cli/timeline.h"

namespace sampan {

// How each picture begins.
inline constexpr std::string_view trace_svg_begin =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sampan-trace\" ";

// On top a lane for each walker with its phases, below a bar for each step beside its whole text.
// For light and dark surroundings. Pure.
std::string trace_svg(const Timeline& timeline, std::string_view title);

}  // namespace sampan
