// The time of day, as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sampan {

// "2026-01-01T00:00:00.000000000Z": now.
std::string timestamp();
// Now, and the time of such a text, in whole seconds since 1970. Nothing for other texts.
int64_t seconds_now();
std::optional<int64_t> parse_timestamp(std::string_view text);

}  // namespace sampan
