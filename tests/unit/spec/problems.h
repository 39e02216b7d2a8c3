// What the reader says about a broken config.json, for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "spec/spec.h"

namespace sampan::test {

// "line:column pointer: what (hint)" for each problem; empty if the text is accepted.
std::vector<std::string> problems_of(std::string_view text);
// The same for each warning about a text that is accepted.
std::vector<std::string> warnings_of(std::string_view text);

// A config.json with these members of process, of linux, or of the whole.
std::string with_process(std::string_view members);
std::string with_linux(std::string_view members);
std::string with(std::string_view members);

using Lines = std::vector<std::string>;

}  // namespace sampan::test

template <>
struct doctest::StringMaker<sampan::test::Lines> {
    static doctest::String convert(const sampan::test::Lines& lines) {
        return sampan::join(lines, "\n").c_str();
    }
};
