#include "spec/mounts_file.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("mounts file: an array like that of config.json") {
    const auto file = read_mounts(
        R"([{"destination": "/a", "type": "tmpfs", "options": ["ro"]}, {"destination": "/b"}])",
        "mounts.json");
    REQUIRE(file);
    REQUIRE(file->mounts.size() == 2);
    CHECK(file->mounts[0].destination == "/a");
    CHECK(file->mounts[1].destination == "/b");
    CHECK(file->warnings.empty());
}

TEST_CASE("mounts file: problems have the places that they have in the file") {
    const std::string text = R"([{"destination": "/a", "typ": "tmpfs"}, {"source": 5}])";
    const auto file = read_mounts(text, "mounts.json");
    REQUIRE_FALSE(file);
    CHECK(file.error().text() == text);
    bool found = false;
    for (const Problem& problem : file.error().problems()) {
        if (problem.pointer != "/1/source") continue;
        found = true;
        CHECK(problem.offset.value_or(0) == text.find('5'));
    }
    CHECK(found);
}

TEST_CASE("mounts file: what is no array is an error") {
    for (const char* text : {"{}", "", "[", "[]]", "\"x\"", "[]}", "[], \"x\": 1"})
        CHECK_FALSE(read_mounts(text, "mounts.json"));
    CHECK(read_mounts("[]", "mounts.json"));
}
