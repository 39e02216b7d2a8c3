#include "container/id.h"

#include <string>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("id: letters, digits and _ + . - are accepted") {
    for (const char* id : {"a", "Z9", "_x", "+", "a.b-c_d+e", "0"})
        CHECK_MESSAGE(check_id(id).has_value(), id);
    CHECK(check_id(std::string(255, 'a')).has_value());
}

TEST_CASE("id: what would be another path, or an option, is refused") {
    for (const char* id :
         {"", ".", "..", ".a", "-a", "a/b", "a b", "a\nb", "\xc3\xa4", "a,b", "a:b"})
        CHECK_FALSE_MESSAGE(check_id(id).has_value(), id);
    CHECK_FALSE(check_id(std::string(256, 'a')).has_value());
    CHECK_FALSE(check_id(std::string_view("a\0b", 3)).has_value());
}

TEST_CASE("id: an argument with a slash, and the dots, name a bundle") {
    for (const char* name : {"./a", "/a", "a/", ".", ".."})
        CHECK_MESSAGE(names_bundle(name), name);
    for (const char* name : {"a", "a.b", "...", ""})
        CHECK_FALSE_MESSAGE(names_bundle(name), name);
}
