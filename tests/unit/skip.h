// For tests that need more than every machine has.
#pragma once

#include <string_view>

// The present test counts as skipped, for this reason; it must return next.
void skip(std::string_view reason);
