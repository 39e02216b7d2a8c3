// JSON values that can be changed, for tests that break a good text in every place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/json.h"

namespace sampan::test {

struct Tree {
    JsonKind kind = JsonKind::null;
    bool boolean = false;
    std::string text;                                    // of strings; of numbers, as written out
    std::vector<std::pair<std::string, Tree>> children;  // of arrays with empty keys

    [[nodiscard]] const Tree* find(std::string_view key) const;
    [[nodiscard]] std::string text_of(std::string_view key) const;  // "" when there is none
};

Tree string_tree(std::string text);
Tree number_tree(std::string text);

Tree parse_tree(std::string_view text);
std::string write_tree(const Tree& tree);

// The whole content of a file; the test fails if it cannot be read.
std::string content_of(const std::string& path);

}  // namespace sampan::test
