// A second opinion on a JSON text: RapidJSON's validator with one of our schemas (schema/).
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace sampan {

// The first thing in `text` that the JSON Schema (draft-04) `schema` forbids, with its pointer and
// place; nothing when all is well. An error when one of the texts is not JSON.
Result<std::optional<Problem>> check_schema(std::string_view schema, std::string_view text);

}  // namespace sampan
