// Error messages for texts that are not JSON.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"

namespace sampan {

// For a text with a NUL, the first at `offset`.
[[nodiscard]] Problem explain_nul(std::string_view text, size_t offset);
// What is wrong at `offset`, where a parser has stopped; `fallback` is the parser's own sentence.
// Recognises what people write in JSON files although JSON does not have it.
[[nodiscard]] Problem explain_syntax(std::string_view text,
                                     size_t offset,
                                     std::string_view fallback);

}  // namespace sampan
