#include "container/id.h"

#include <algorithm>

#include "base/text.h"

namespace sampan {

namespace {

bool may_be_in_id(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '.' || c == '-';
}

constexpr size_t longest = 255;  // it is the name of a folder

}  // namespace

std::string propose_id(std::string_view text) {
    std::string id;
    for (const char c : text.substr(0, longest)) {
        const bool fits = may_be_in_id(c) && !(id.empty() && (c == '.' || c == '-'));
        // One hyphen for what does not fit, such as all bytes of a letter with an accent.
        if (fits)
            id += c;
        else if (!id.empty() && id.back() != '-')
            id += '-';
    }
    while (id.ends_with('-'))
        id.pop_back();
    return id.empty() ? "web" : id;
}

Status check_id(std::string_view id) {
    if (id.empty()) return fail(ErrorKind::usage, "the container ID is empty");
    if (id.size() > longest)
        return failf(ErrorKind::usage, "the container ID is longer than {} characters", longest);
    const auto wrong =
        id[0] == '.' || id[0] == '-' ? id.begin() : std::ranges::find_if_not(id, may_be_in_id);
    if (wrong == id.end()) return {};
    // crun's word, for which its callers look.
    return failf(ErrorKind::usage,
                 "invalid character in the container ID \"{}\": it may have letters, digits and "
                 "_ + . - , and begins with neither . nor -",
                 id)
        .hint(format("such as {}", propose_id(id)));
}

bool names_bundle(std::string_view argument) {
    return argument.contains('/') || argument == "." || argument == "..";
}

}  // namespace sampan
