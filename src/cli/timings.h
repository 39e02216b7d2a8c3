// --timings: a table of what was done, for people.
#pragma once

#include <string>

#include "cli/timeline.h"

namespace sampan {

// A line for each step: when it began and how long it took in milliseconds, who carried it out,
// phase and step. The last line has the sum and the slowest step. `what` was done: "create web".
std::string timings_table(const Timeline& timeline, std::string_view what);

}  // namespace sampan
