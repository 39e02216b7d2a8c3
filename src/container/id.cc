#include "container/id.h"

#include <algorithm>

#include "base/text.h"

namespace sampan {

namespace {

bool may_be_in_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '.' || c == '-';
}

}  // namespace

Status check_id(std::string_view id) {
    constexpr size_t longest = 255;  // it is the name of a folder
    if (id.empty()) return fail(ErrorKind::usage, "the container ID is empty");
    if (id.size() > longest)
        return failf(ErrorKind::usage, "the container ID is longer than {} characters", longest);
    if (id[0] == '.' || id[0] == '-' || !std::ranges::all_of(id, may_be_in_id))
        return failf(ErrorKind::usage,
                     "invalid container ID \"{}\": it may have letters, digits and _ + . - , and "
                     "begins with neither . nor -",
                     id);
    return {};
}

bool names_bundle(std::string_view argument) {
    return argument.contains('/') || argument == "." || argument == "..";
}

}  // namespace sampan
