#include "cli/other_words.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("other words: each has a command of ours, or advice") {
    CHECK(find_other_word("ls")->command == "list");
    CHECK(find_other_word("rm")->command == "delete");
    for (const char* word : {"images", "cp", "restart", "network"}) {
        CAPTURE(word);
        const OtherWord* found = find_other_word(word);
        REQUIRE(found != nullptr);
        CHECK(found->command.empty());
        CHECK_FALSE(found->advice.empty());
    }
    CHECK(find_other_word("lst") == nullptr);
    CHECK(find_other_word("") == nullptr);
}
