#include "cli/list_words.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("list: how long ago is said in the largest whole unit") {
    CHECK(ago(0) == "0 seconds ago");
    CHECK(ago(1) == "1 second ago");
    CHECK(ago(59) == "59 seconds ago");
    CHECK(ago(60) == "1 minute ago");
    CHECK(ago(3 * 60 + 59) == "3 minutes ago");
    CHECK(ago(3600) == "1 hour ago");
    CHECK(ago(47 * 3600) == "1 day ago");
    CHECK(ago(15 * 86400) == "2 weeks ago");
    CHECK(ago(59 * 86400) == "1 month ago");
    CHECK(ago(1000 * int64_t{86400}) == "2 years ago");
}

TEST_CASE("list: statuses of several filters are taken together") {
    const auto statuses = parse_status_filters({"status=running,paused", "status=broken"});
    REQUIRE(statuses.has_value());
    CHECK(*statuses == std::vector<std::string>{"running", "paused", "broken"});
    CHECK(parse_status_filters({})->empty());
}

TEST_CASE("list: a filter that is not known is an error, with the word that may be meant") {
    for (const char* filter : {"running", "status", "name=web", "status=", "status=running,", ""})
        CHECK_FALSE_MESSAGE(parse_status_filters({filter}).has_value(), filter);
    const auto misspelt = parse_status_filters({"status=runing"});
    REQUIRE_FALSE(misspelt.has_value());
    CHECK(misspelt.error().hint() == "did you mean \"running\"?");
}
