#include "cli/selection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace sampan {

Result<Pattern> Pattern::parse(const std::string& text) {
    // It matches every text.
    if (text.empty())
        return fail(ErrorKind::usage, "--regex: the pattern is empty")
            .hint("\".*\" matches every container; sampan delete --all is for that");
    Pattern pattern;
    const int code = ::regcomp(&pattern.compiled_, text.c_str(), REG_EXTENDED | REG_NOSUB);
    if (code != 0) {
        std::array<char, 128> why{};
        (void)::regerror(code, &pattern.compiled_, why.data(), why.size());
        return failf(ErrorKind::usage, "\"{}\" is not a regular expression: {}", text, why.data());
    }
    pattern.valid_ = true;
    return pattern;
}

Pattern::Pattern(Pattern&& other) noexcept
    : compiled_(other.compiled_), valid_(std::exchange(other.valid_, false)) {}

Pattern::~Pattern() {
    if (valid_) ::regfree(&compiled_);
}

bool Pattern::matches(const std::string& id) const {
    return ::regexec(&compiled_, id.c_str(), 0, nullptr, 0) == 0;
}

Result<std::vector<std::string>> ids_that_match(const Store& store, const Pattern* pattern) {
    const Listing listing = TRY(list_containers(store));
    std::vector<std::string> ids;
    const auto take = [&](const std::string& id) {
        if (pattern == nullptr || pattern->matches(id)) ids.push_back(id);
    };
    for (const Container& container : listing.containers)
        take(container.record.id);
    for (const BrokenContainer& container : listing.broken)
        take(container.id);
    std::ranges::sort(ids);
    return ids;
}

void Errors::add(Error error) {
    if (!last_) reporter_.error(last_.error());
    last_ = Failure(std::move(error));
}

Error nothing_matches(const std::string& pattern) {
    return Error(format("no container has an ID that matches \"{}\"", pattern));
}

}  // namespace sampan
