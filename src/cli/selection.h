// Containers that are not named one by one.
#pragma once

#include <regex.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "container/container.h"

namespace sampan {

// A POSIX extended regular expression (regex(7)), which an ID matches if it is found anywhere in
// it.
class Pattern {
  public:
    // An error of the kind usage if it is none.
    static Result<Pattern> parse(const std::string& text);
    Pattern(Pattern&& other) noexcept;
    Pattern& operator=(Pattern&&) = delete;
    Pattern(const Pattern&) = delete;
    Pattern& operator=(const Pattern&) = delete;
    ~Pattern();

    [[nodiscard]] bool matches(const std::string& id) const;

  private:
    Pattern() = default;
    regex_t compiled_{};
    bool valid_ = false;
};

// The IDs of all containers, also of those that are broken, sorted. Null: all.
Result<std::vector<std::string>> ids_that_match(const Store& store, const Pattern* pattern);

// The warning that a pattern matches nothing, which is no error.
Error nothing_matches(const std::string& pattern);

}  // namespace sampan
