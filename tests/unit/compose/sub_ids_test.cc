#include "compose/sub_ids.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

using Map = std::vector<spec::IdMapping>;

}  // namespace

TEST_CASE("sub ids: without a line only the user itself is mapped, as root") {
    CHECK(lent_ids("", "ann", 1000, 1000) == Map{{0, 1000, 1}});
    CHECK(lent_ids("bob:100000:65536\n", "ann", 1000, 1000) == Map{{0, 1000, 1}});
}

TEST_CASE("sub ids: ranges by name and by number follow each other from 1 on") {
    CHECK(lent_ids("bob:1:2\nann:100000:65536\n1000:300000:10\n", "ann", 1000, 1000) ==
          Map{{0, 1000, 1}, {1, 100000, 65536}, {65537, 300000, 10}});
}

TEST_CASE("sub ids: lines that make no sense are skipped") {
    const char* text =
        "ann:100000\nann:x:1\nann:1:0\nann:4294967295:2\nann:-1:5\n:1:1\n\n ann:200000:5 \n";
    CHECK(lent_ids(text, "ann", 1000, 7) == Map{{0, 7, 1}, {1, 200000, 5}});
}

TEST_CASE("sub ids: ranges that are larger than all ids together end before that") {
    CHECK(lent_ids("ann:1:4294967294\nann:1:4294967294\n", "ann", 1000, 1000) ==
          Map{{0, 1000, 1}, {1, 1, 4294967294}});
}
