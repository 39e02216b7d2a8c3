// Breaks texts at random places, which are the same in every run: the reader returns a value, or
// problems that have a place, and never does anything else.
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "os/file.h"
#include "spec/spec.h"

using namespace sampan;

namespace {

// xorshift: the same numbers on every machine.
class Dice {
  public:
    size_t below(size_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_ % limit;
    }

  private:
    uint64_t state_ = 88172645463325252ULL;
};

void mutate(std::string& text, Dice& dice) {
    const size_t at = dice.below(text.size());
    const size_t length = std::min(text.size() - at, dice.below(40) + 1);
    constexpr std::string_view tokens[] = {"\"", "{",    "}",     "[",  "]",
                                           ",",  ":",    "null",  "-1", "\\u0000",
                                           "\\", "\xff", "1e999", "//", "18446744073709551616"};
    switch (dice.below(5)) {
        case 0:
            text[at] = static_cast<char>(dice.below(256));
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(dice.below(text.size()), text.substr(at, length));
            break;
        case 3:
            text.insert(at, tokens[dice.below(std::size(tokens))]);
            break;
        default:
            text.replace(at, length, tokens[dice.below(std::size(tokens))]);
            break;
    }
    if (text.empty()) text = "{";
}

}  // namespace

TEST_CASE("fuzz: five thousand broken configs each get an answer") {
    const auto good = read_file(cwd, EVERYTHING);
    REQUIRE(good);
    Dice dice;
    size_t accepted = 0;
    for (int round = 0; round < 5000; ++round) {
        std::string text = *good;
        for (size_t i = dice.below(3); i < 3; ++i)
            mutate(text, dice);
        const auto file = read_spec_text(text, "config.json");
        if (file) {
            ++accepted;
            continue;
        }
        REQUIRE(!file.error().problems().empty());
        REQUIRE(file.error().problems().size() <= max_problems);
        for (const Problem& problem : file.error().problems()) {
            REQUIRE(problem.offset.value_or(0) <= text.size());
            REQUIRE(!render_problem(problem, "config.json", text).empty());
            (void)locate(text, problem.pointer);
        }
    }
    CHECK(accepted < 5000);
}

TEST_CASE("fuzz: what was read is written and read again the same") {
    const auto good = read_file(cwd, EVERYTHING);
    REQUIRE(good);
    const auto first = read_json<Spec>(*good, "config.json");
    REQUIRE(first);
    for (const JsonStyle style : {JsonStyle::compact, JsonStyle::indented}) {
        const auto second = read_json<Spec>(write_json(*first, style), "config.json");
        REQUIRE(second);
        CHECK(*second == *first);
    }
}
