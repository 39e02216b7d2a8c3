// Containers that are not named one by one.
#pragma once

#include <regex.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/report.h"
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

// What fails for some of several containers, each of which is tried: all but the last error are
// reported, and the last one is that of the command.
class Errors {
  public:
    explicit Errors(const Reporter& reporter) : reporter_(reporter) {}
    void add(Error error);
    Status last() { return std::move(last_); }

  private:
    const Reporter& reporter_;
    Status last_;
};

// The warning that a pattern matches nothing, which is no error.
Error nothing_matches(const std::string& pattern);

}  // namespace sampan
