#include "compose/sub_ids.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

using Map = std::vector<spec::IdMapping>;

}  // namespace

TEST_CASE("sub ids: the user is root, and lent ids follow each other from 1 on") {
    CHECK(map_lent_ids({}, 1000) == Map{{0, 1000, 1}});
    CHECK(map_lent_ids({{100000, 65536}, {300000, 10}}, 1000) ==
          Map{{0, 1000, 1}, {1, 100000, 65536}, {65537, 300000, 10}});
}

TEST_CASE("sub ids: ranges that are larger than all ids together end before that") {
    CHECK(map_lent_ids({{1, 4294967294}, {1, 4294967294}}, 1000) ==
          Map{{0, 1000, 1}, {1, 1, 4294967294}});
}
