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

TEST_CASE("id: the ID that is proposed for another text is one, and like it") {
    CHECK(propose_id("my web") == "my-web");
    CHECK(propose_id("-x") == "x");
    CHECK(propose_id("caf\xc3\xa9 au lait") == "caf-au-lait");
    for (const std::string& text : {std::string("..."), std::string(), std::string(300, ' '),
                                    std::string(300, 'a'), std::string("a/b:c")}) {
        CAPTURE(text);
        CHECK(check_id(propose_id(text)).has_value());
    }
    CHECK(check_id("my web").error().hint() == "such as my-web");
}
