// For tests that need more than every machine has.
#pragma once

#include <string_view>

// The test that runs counts as skipped, for this reason; it returns next.
void skip(std::string_view reason);
