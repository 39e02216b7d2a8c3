#include <cstdint>

#include <doctest/doctest.h>

#include "cgroup/limits.h"
#include "cgroup/limits_v2.h"

using namespace sampan;

TEST_CASE("convert: shares become weights through their smallest, default and largest values") {
    CHECK(weight_of_shares(2) == 1);
    CHECK(weight_of_shares(1024) == 100);
    CHECK(weight_of_shares(262144) == 10000);
    // Outside of the range, the kernel clamps too.
    CHECK(weight_of_shares(0) == 1);
    CHECK(weight_of_shares(UINT64_MAX) == 10000);
}

TEST_CASE("convert: more shares never weigh less") {
    uint64_t before = 0;
    for (uint64_t shares = 2; shares <= 262144; shares += 13) {
        const uint64_t weight = weight_of_shares(shares);
        REQUIRE(weight >= before);
        REQUIRE(weight <= 10000);
        before = weight;
    }
}

TEST_CASE("convert: blkio weights become io weights linearly") {
    CHECK(io_weight_of_blkio_weight(10) == 1);
    CHECK(io_weight_of_blkio_weight(500) == 4950);
    CHECK(io_weight_of_blkio_weight(1000) == 10000);
}

TEST_CASE("convert: the limit of swap is the difference") {
    CHECK(swap_max(300, 100).value() == 200);
    CHECK(swap_max(100, 100).value() == 0);
    CHECK(swap_max(-1, 100).value() == -1);
    CHECK(swap_max(300, -1).value() == 300);
    CHECK(swap_max(-1, std::nullopt).value() == -1);
    CHECK_FALSE(swap_max(std::nullopt, 100).value());
    CHECK_FALSE(swap_max(std::nullopt, std::nullopt).value());
}

TEST_CASE("convert: unlimited memory without a word about swap is unlimited swap") {
    CHECK(swap_max(std::nullopt, -1).value() == -1);
}

TEST_CASE("convert: a limit of both below that of memory, or without one, is an error") {
    CHECK_FALSE(swap_max(99, 100));
    CHECK_FALSE(swap_max(100, std::nullopt));
}

TEST_CASE("convert: -1 is max, another negative limit an error") {
    CHECK(limit_or_max(-1) == "max");
    CHECK(limit_or_max(0) == "0");
}
