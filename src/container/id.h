// Container IDs.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sampan {

// Letters, digits and _ + . - ; not "." or ".."; not beginning with "." or "-". There is never a
// slash, so that an argument with a slash can only be a bundle. The error's hint has an ID that is
// like this one.
Status check_id(std::string_view id);
// An ID that is made of a text which is none: "my-web" for "my web".
std::string propose_id(std::string_view text);

// True if an argument names a bundle, not an ID: it has a slash in it, or is "." or "..".
bool names_bundle(std::string_view argument);

}  // namespace sampan
