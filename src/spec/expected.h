// What is expected of a value in a file, and what was found: the words of the reader's problems.
#pragma once

#include <string>
#include <string_view>

#include "spec/fields.h"
#include "spec/json.h"

namespace sampan::spec {

// A text of the file, in quotes; a long one is cut.
std::string quoted(std::string_view text);
// "an array", "true", "64"
std::string describe(Json json);
// The end of "expected …, found …" for a value that is not of this type.
std::string expected(const Type& type, const Check* check);
std::string found_instead(const Type& type, Json json);
// What to write instead; "" if that is not known.
std::string hint_for_type(const Type& type, const Check* check, Json json);

}  // namespace sampan::spec
