#include "spec/suggest.h"

#include <array>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("suggest: the nearest word is meant, if any is near") {
    constexpr std::array<std::string_view, 6> known{"args",    "cwd",        "env",
                                                    "process", "RLIMIT_CPU", "SCMP_ACT_ALLOW"};
    const auto guess = [&](std::string_view typed) {
        return std::string(suggest(typed, known).value_or("nothing"));
    };
    CHECK(guess("proces") == "process");
    CHECK(guess("porcess") == "process");
    CHECK(guess("PROCESS") == "process");
    CHECK(guess("arg") == "args");
    CHECK(guess("cwdd") == "cwd");
    CHECK(guess("ALLOW") == "SCMP_ACT_ALLOW");
    CHECK(guess("rlimit_cpu") == "RLIMIT_CPU");
    CHECK(guess("prok") == "process");
    CHECK(guess("argument") == "nothing");
    CHECK(guess("something") == "nothing");
    CHECK(guess("x") == "nothing");
    CHECK(guess("") == "nothing");
    CHECK(guess(std::string(1'000'000, 'x')) == "nothing");
    constexpr std::array<std::string_view, 3> short_words{"touch", "ex", "sh"};
    CHECK(!suggest("nosuch", short_words));
    CHECK(!suggest("-x", short_words));
    CHECK(suggest("tuoch", short_words) == "touch");
    CHECK(suggest("shh", short_words) == "sh");
    CHECK(suggest("EX", short_words) == "ex");
    CHECK(did_you_mean("proces", known) == "did you mean \"process\"?");
    CHECK(did_you_mean("something", known).empty());
}
