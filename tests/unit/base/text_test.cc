#include "base/text.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("text: sizes with and without a unit") {
    CHECK(parse_bytes("0") == 0);
    CHECK(parse_bytes("4096") == 4096);
    CHECK(parse_bytes("4096b") == 4096);
    CHECK(parse_bytes("8k") == 8192);
    CHECK(parse_bytes("64m") == 67108864);
    CHECK(parse_bytes("64MB") == 67108864);
    CHECK(parse_bytes("64MiB") == 67108864);
    CHECK(parse_bytes("2G") == 2147483648);
    CHECK(parse_bytes("1t") == 1099511627776);
    CHECK(parse_bytes("-1") == -1);
}

TEST_CASE("text: what is no size") {
    for (const char* text : {"", "-2", "m", "64x", "64 m", "64mm", "6.5m", "0x10", "64ib", "+1",
                             "9223372036854775808", "9007199254740992k", "-1k", "64m "})
        CHECK_FALSE(parse_bytes(text));
    CHECK(parse_bytes("9223372036854775807") == 9223372036854775807);
}
