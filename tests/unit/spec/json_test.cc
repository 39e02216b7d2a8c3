#include "spec/json.h"

#include <doctest/doctest.h>

#include "spec/locate.h"
#include "spec/syntax.h"

using namespace sampan;

namespace {

// The first problem of a text that must not parse, as "line:column: what".
std::string first_problem(std::string_view text) {
    const auto document = JsonDocument::parse(text, "x.json");
    if (document) return "accepted";
    REQUIRE(!document.error().problems().empty());
    const Problem& problem = document.error().problems().front();
    std::string where = "no place";
    if (problem.offset) {
        const Place place = place_at(text, *problem.offset);
        where = std::to_string(place.line) + ":" + std::to_string(place.column);
    }
    return where + ": " + problem.what;
}

std::string found_at(std::string_view text, std::string_view pointer) {
    const auto offset = find_offset(text, pointer, PlaceOf::value);
    return offset ? std::string(text.substr(*offset, 3)) : "nothing";
}

}  // namespace

TEST_CASE("json: what people write that is not JSON has a sentence and a place of its own") {
    CHECK(first_problem("{\"a\":1,}") == "1:7: a comma must not stand before }");
    CHECK(first_problem("[1,\n]") == "1:3: a comma must not stand before ]");
    CHECK(first_problem("{\n  // why\n}") == "2:3: JSON has no comments");
    CHECK(first_problem("# why\n{}") == "1:1: JSON has no comments");
    CHECK(first_problem("{'a':1}") == "1:2: strings stand in double quotes");
    CHECK(first_problem("{a:1}") == "1:2: a needs quotes around it");
    CHECK(first_problem("{\"a\":True}") == "1:6: True is no JSON value: write true, false or null");
    CHECK(first_problem("{\"a\":0755}") ==
          "1:6: 0755 is no JSON number: only decimal ones without a leading zero are");
    CHECK(first_problem("{\"a\":+1}") == "1:6: +1 is no JSON number");
    CHECK(first_problem("{\"a\":NaN}") == "1:6: NaN is no JSON value");
    CHECK(first_problem("{\"a\":1 \"b\":2}") == "1:8: a comma is missing before this");
    CHECK(first_problem("{\"a\" 1}") == "1:6: a comma or a colon is missing before this");
    CHECK(first_problem("[1,,2]") == "1:4: a value is missing between two commas");
    CHECK(first_problem("{} {}") == "1:4: the JSON value has ended before this");
    CHECK(first_problem("") == "no place: the file is empty");
    CHECK(first_problem(" \n") == "no place: the file is empty");
    CHECK(first_problem("{\"a\": [1") == "1:7: the text ends, and this [ is not closed");
    CHECK(first_problem("{\"a\": {\"b\": [1, \"]}\\\""
                        "]}") == "1:17: the text ends, and this \" is not closed");
    // Where the text is indented, the one that was forgotten is found, and not the outermost one.
    CHECK(first_problem("{\n  \"a\": {\n    \"b\": 1\n  ,\n  \"c\": [\n  ]\n}\n") ==
          "2:8: the text ends, and this { is not closed");
    CHECK(first_problem("{\n  \"a\": {\n  },\n  \"c\": 1\n") ==
          "1:1: the text ends, and this { is not closed");
    CHECK(first_problem("\xef\xbb\xbf{}") == "1:1: the file starts with a byte order mark");
    CHECK(first_problem("\"a\nb\"") ==
          "1:3: a line end or control character cannot be part of a string");
}

TEST_CASE("json: brackets of a long line are matched in one go") {
    std::string text = "{\"a\":[";
    for (int i = 0; i < 350'000; ++i)
        text += "[],";
    CHECK(first_problem(text) == "1:6: the text ends, and this [ is not closed");
}

TEST_CASE("json: a file in UTF-16 is told as such") {
    using namespace std::string_view_literals;
    CHECK(first_problem("\xff\xfe{\0}\0"sv) == "1:1: the file is UTF-16");
    CHECK(first_problem("\xfe\xff\0{\0}"sv) == "1:1: the file is UTF-16");
    CHECK(first_problem("{\0}\0"sv) == "1:1: the file is UTF-16");
    CHECK(first_problem("\0{\0}"sv) == "1:1: the file is UTF-16");
}

TEST_CASE("json: an explanation looks at nothing in front of the text") {
    // The text is preceded by a word, which must not be taken for a part of it.
    constexpr std::string_view around = "yes:";
    const Problem alone = explain_syntax(":", 0, "the parser's own sentence");
    const Problem within = explain_syntax(around.substr(3), 0, "the parser's own sentence");
    CHECK(within == alone);
    CHECK(within.what.find("yes") == std::string::npos);
}

TEST_CASE("json: what two readers would read differently is refused") {
    CHECK(first_problem("{\"a\":1,\n \"a\":2}") == "2:2: the key \"a\" is given twice");
    CHECK(first_problem("{\"a\":1, \"\\u0061\":2}") == "1:9: the key \"a\" is given twice");
    CHECK(first_problem("[\"a\\u0000b\"]") == "1:2: a NUL character cannot be part of a string");
    CHECK(first_problem("{\"a\\u0000b\":1}") == "1:2: a NUL character cannot be part of a key");
    CHECK(first_problem(std::string_view("{}\0{", 4)) ==
          "1:3: a NUL character cannot be part of a JSON text");
    CHECK(first_problem("[\"\xff\"]") == "1:3: this is not UTF-8");
    CHECK(first_problem("[\"\xc0\xaf\"]").ends_with("not UTF-8"));
    CHECK(first_problem("[\"\xed\xa0\x80\"]").ends_with("not UTF-8"));
    CHECK(first_problem("[\"\\ud800\"]").find("surrogate") != std::string::npos);
}

TEST_CASE("json: nesting has a limit, however deep the text is") {
    CHECK(first_problem(std::string(2'000'000, '[')) ==
          "1:65: arrays and objects are nested more than 64 deep");
    std::string objects;
    for (int i = 0; i < 100'000; ++i)
        objects += "{\"a\":";
    CHECK(first_problem(objects).ends_with("nested more than 64 deep"));
    CHECK(first_problem(std::string(64, '[') + std::string(64, ']')) == "accepted");
}

TEST_CASE("json: all keys that are given twice are found at once") {
    const auto document =
        JsonDocument::parse("{\"a\":{\"b\":1,\"b\":2},\"c\":1,\"c\":2,\"c\":3}", "x");
    REQUIRE(!document);
    REQUIRE(document.error().problems().size() == 2);
    CHECK(document.error().problems()[0].pointer == "/c");
    CHECK(document.error().problems()[1].pointer == "/a/b");
}

TEST_CASE("json: integers are exact, or they are none") {
    const auto parsed = JsonDocument::parse(
        "[18446744073709551615, 18446744073709551616, -9223372036854775808, 1.0, 1e3]", "x");
    REQUIRE(parsed);
    const Json root = parsed->root();
    CHECK(root.element(0).as_unsigned() == 18446744073709551615ULL);
    CHECK(!root.element(0).as_signed());
    CHECK(!root.element(1).as_unsigned());
    CHECK(root.element(2).as_signed() == INT64_MIN);
    CHECK(!root.element(3).as_signed());
    CHECK(!root.element(4).as_unsigned());
}

TEST_CASE("json: a pointer finds its value, with escapes on both sides") {
    const std::string_view text = R"({"a/b": [1, {"~": "x,]}\""}, 22], "c\u0064": true, "": 7})";
    CHECK(found_at(text, "") == "{\"a");
    CHECK(found_at(text, "/a~1b/2") == "22]");
    CHECK(found_at(text, "/a~1b/1/~0") == "\"x,");
    CHECK(found_at(text, "/cd") == "tru");
    CHECK(found_at(text, "/") == "7}");
    CHECK(found_at(text, "/a~1b/3") == "nothing");
    CHECK(found_at(text, "/x") == "nothing");
    CHECK(found_at(text, "/a~1b/x") == "nothing");
    CHECK(found_at("{\"a\":1,\"a\":2}", "/a") == "2}");
}

TEST_CASE("json: a place counts characters, not bytes, and lines as editors do") {
    const std::string_view text = "{\r\n \"\xc3\xa4\": x}";
    const Place place = place_at(text, text.find('x'));
    CHECK(place.line == 2);
    CHECK(place.column == 7);
    CHECK(place.line_text == " \"\xc3\xa4\": x}");
}

TEST_CASE("json: a problem is shown with its line and a caret") {
    const Problem problem{"/a", "what is wrong", "what to do", {}};
    CHECK(render_problem(problem, "c.json", "{\n\t\"a\": 1\n}") ==
          "c.json:2:7: /a: what is wrong\n"
          "      \"a\": 1\n"
          "           ^\n"
          "  what to do");
    CHECK(render_problem(problem, "c.json", "{}") == "c.json: /a: what is wrong\n  what to do");
}

TEST_CASE("json: what is shown cannot disturb a terminal, and is not long") {
    const Problem problem{"/a", "wrong", "", {}};
    const std::string shown =
        render_problem(problem, "c\x1b[2J", "{\"\x1b[31m\":\"\xe2\x80\xae\",\"a\":1}");
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK(shown.find("\xe2\x80\xae") == std::string::npos);
    CHECK(shown.find("\\x1b[31m") != std::string::npos);
    const std::string wide = "{\"x\":\"" + std::string(3'000'000, 'x') + "\",\"a\":[" +
                             std::string(3'000'000, ' ') + "]}";
    CHECK(render_problem(problem, "c", wide).size() < 400);
}

TEST_CASE("json: what a problem says and advises cannot disturb a terminal either") {
    const Problem problem{"/a", "wrong: \"\x1b[2J\"\nforged", "say \"\x1b]0;\a\"\nforged", {}};
    const std::string shown = render_problem(problem, "c.json", "{}");
    CHECK(shown == "c.json: /a: wrong: \"\\x1b[2J\"\n  forged\n  say \"\\x1b]0;\\x07\"\n  forged");
    const std::string line = render_in_line(problem, "c.json", "{}");
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\a') == std::string::npos);
}

TEST_CASE("json: the writer indents by two blanks, or writes no blank at all") {
    const auto write = [](JsonStyle style) {
        JsonWriter writer(style);
        writer.begin_object();
        writer.key("a");
        writer.begin_array();
        writer.integer(-1);
        writer.unsigned_integer(18446744073709551615ULL);
        writer.end_array();
        writer.key("b");
        writer.begin_object();
        writer.end_object();
        writer.key("c");
        writer.null();
        writer.end_object();
        return std::move(writer).take();
    };
    CHECK(write(JsonStyle::compact) == R"({"a":[-1,18446744073709551615],"b":{},"c":null})");
    CHECK(write(JsonStyle::indented) ==
          "{\n  \"a\": [\n    -1,\n    18446744073709551615\n  ],\n  \"b\": {},\n  \"c\": null\n}");
}

TEST_CASE("json: what is written can be read, whatever a string holds") {
    JsonWriter writer(JsonStyle::compact);
    writer.string("\"\\\n\t\x01\xff \xc3\xa4 \xed\xa0\x80");
    const std::string text = std::move(writer).take();
    const auto document = JsonDocument::parse(text, "x");
    REQUIRE(document);
    CHECK(document->root().string().starts_with("\"\\\n\t\x01\xef\xbf\xbd \xc3\xa4"));
}
