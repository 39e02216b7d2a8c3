// --interval: a duration in words.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "cli/options.h"

namespace sampan {

// "500ms", "5s", "1m30s", "2h", or a number of seconds: in milliseconds. Nothing for anything else,
// less than a millisecond, and more than a day.
std::optional<int> parse_duration_ms(std::string_view text);
// The value of --interval, or else `usual_ms`.
Result<int> read_interval_ms(const Parsed& parsed, int usual_ms);

}  // namespace sampan
