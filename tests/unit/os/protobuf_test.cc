#include "os/protobuf.h"

#include <string>

#include <doctest/doctest.h>

using namespace sampan;

namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values)
        text.push_back(static_cast<char>(value));
    return text;
}

std::string number(uint32_t field, int64_t value) {
    MessageWriter writer;
    writer.add_number(field, value);
    return writer.take();
}

}  // namespace

// The first two are the examples of the encoding's own description.
TEST_CASE("protobuf: numbers and text are written as the encoding says") {
    CHECK(number(1, 150) == bytes({0x08, 0x96, 0x01}));
    MessageWriter text;
    text.add_bytes(2, "testing");
    CHECK(text.take() == bytes({0x12, 0x07}) + "testing");
    CHECK(number(3, 0) == bytes({0x18, 0x00}));
    CHECK(number(16, 127) == bytes({0x80, 0x01, 0x7f}));
    CHECK(number(68, 1) == bytes({0xa0, 0x04, 0x01}));
    CHECK(number(1, -1) ==
          bytes({0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}));
}

TEST_CASE("protobuf: what is written can be read again, messages in messages too") {
    MessageWriter inner;
    inner.add_bytes(1, "key");
    inner.add_number(2, -7);
    MessageWriter outer;
    outer.add_number(1, uint32_t{0xffffffff});
    outer.add_bytes(27, inner.take());
    outer.add_bytes(99, "");
    const std::string text = outer.take();
    const auto fields = parse_fields(text);
    REQUIRE(fields);
    REQUIRE(fields->size() == 3);
    CHECK((*fields)[0] == MessageField{.number = 1, .value = 0xffffffff, .bytes = {}});
    CHECK((*fields)[2] == MessageField{.number = 99, .value = 0, .bytes = {}});
    const auto parts = parse_fields((*fields)[1].bytes);
    REQUIRE(parts);
    REQUIRE(parts->size() == 2);
    CHECK((*parts)[0].bytes == "key");
    CHECK(static_cast<int32_t>((*parts)[1].value) == -7);
}

TEST_CASE("protobuf: fields of other types are passed over by their size") {
    const std::string text =
        bytes({0x09, 1, 2, 3, 4, 5, 6, 7, 8}) + bytes({0x15, 1, 2, 3, 4}) + bytes({0x18, 5});
    const auto fields = parse_fields(text);
    REQUIRE(fields);
    REQUIRE(fields->size() == 3);
    CHECK((*fields)[0].bytes.size() == 8);
    CHECK((*fields)[1].bytes.size() == 4);
    CHECK((*fields)[2].value == 5);
}

TEST_CASE("protobuf: an empty text is an empty message") {
    const auto fields = parse_fields("");
    REQUIRE(fields);
    CHECK(fields->empty());
}

TEST_CASE("protobuf: damaged messages are errors") {
    CHECK_FALSE(parse_fields(bytes({0x08})));             // a number is missing
    CHECK_FALSE(parse_fields(bytes({0x08, 0x96})));       // a number is cut
    CHECK_FALSE(parse_fields(bytes({0x12, 0x07, 't'})));  // text is cut
    CHECK_FALSE(parse_fields(bytes({0x12})));             // its length is missing
    CHECK_FALSE(parse_fields(bytes({0x0b})));             // a group, which CRIU has not
    CHECK_FALSE(parse_fields(bytes({0x0e})));             // a type that does not exist
    CHECK_FALSE(parse_fields(bytes({0x00, 0x01})));       // no field has the number 0
    CHECK_FALSE(parse_fields(bytes({0x09, 1, 2, 3})));    // eight bytes are three
    CHECK_FALSE(parse_fields(bytes({0x15, 1, 2, 3})));    // four bytes are three
    CHECK_FALSE(parse_fields(std::string(11, '\xff')));   // a number without an end
    // A length that is larger than any text.
    CHECK_FALSE(parse_fields(
        bytes({0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 'x'})));
}

TEST_CASE("protobuf: no prefix of a message makes the parser read beyond its end") {
    MessageWriter writer;
    writer.add_number(1, 300);
    writer.add_bytes(2, "some text");
    writer.add_number(50, -1);
    const std::string text = writer.take();
    for (size_t size = 0; size <= text.size(); ++size)
        (void)parse_fields(std::string(text, 0, size));
    CHECK(parse_fields(text));
}
