#include "os/clock.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("clock: the seconds of a time stamp") {
    CHECK(parse_timestamp("1970-01-01T00:00:00.000000000Z") == 0);
    CHECK(parse_timestamp("2000-03-01T00:00:00Z") == 951868800);
    CHECK(parse_timestamp("2026-11-27T05:45:16.999999999Z") == 1795758316);
}

TEST_CASE("clock: our own time stamps are read") {
    const std::optional<int64_t> read = parse_timestamp(timestamp());
    REQUIRE(read.has_value());
    CHECK(*read <= seconds_now());
    CHECK(*read > 1700000000);
}

TEST_CASE("clock: other texts are no time stamps") {
    for (const char* text : {"", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
                             "2026-01-01T00:00:00+01:00", "2026-01-01T00:0x:00Z", "2026-01-01"})
        CHECK_FALSE_MESSAGE(parse_timestamp(text).has_value(), text);
}
