#include "os/path.h"

#include <doctest/doctest.h>

namespace sampan {

TEST_CASE("paths: what is within a folder, and what is below it") {
    CHECK(is_within("/a/b", "/a"));
    CHECK(is_within("/a", "/a"));
    CHECK_FALSE(is_within("/ab", "/a"));
    CHECK_FALSE(is_within("/", "/a"));
    CHECK(is_below("/a/b", "/a"));
    CHECK_FALSE(is_below("/a", "/a"));
    CHECK_FALSE(is_below("/ab", "/a"));
    // The root ends with a slash.
    CHECK(is_within("/", "/"));
    CHECK(is_within("/a", "/"));
    CHECK(is_below("/a", "/"));
    CHECK_FALSE(is_below("/", "/"));
}

}  // namespace sampan
