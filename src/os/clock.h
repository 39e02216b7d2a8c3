// The time of day, as text.
#pragma once

#include <string>

namespace sampan {

// "2026-01-01T00:00:00.000000000Z": now.
std::string timestamp();

}  // namespace sampan
