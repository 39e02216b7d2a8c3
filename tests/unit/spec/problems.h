// What a broken config.json is said to be, for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "spec/spec.h"

namespace sampan::test {

// "line:column pointer: what (hint)" of each problem; empty when the text is accepted.
std::vector<std::string> problems_of(std::string_view text);
// The same of each warning of a text that is accepted.
std::vector<std::string> warnings_of(std::string_view text);

// A config.json with this as the members of process, of linux, or of the whole.
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
