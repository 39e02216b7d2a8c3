#include "container/salvage.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("salvage: numbers and texts are found in what is left of a record") {
    Record record;
    record.bundle = "/pods/web";
    record.pid = 4711;
    record.start_time = 991122;
    const std::string text = write_record(record);
    const std::string cut = text.substr(0, text.find("\"startTime\"") + 14);
    CHECK(find_number(text, "pid") == 4711);
    CHECK(find_number(text, "startTime") == 991122);
    CHECK(find_text(text, "bundle") == "/pods/web");
    CHECK(find_number(cut, "pid") == 4711);
}

TEST_CASE("salvage: a number that may have been cut short is none") {
    CHECK(find_number("{\"pid\":47", "pid") == 0);
    CHECK(find_number("{\"pid\"", "pid") == 0);
    CHECK(find_number("{\"pid\":\"47\"}", "pid") == 0);
    CHECK(find_number("", "pid") == 0);
}

TEST_CASE("salvage: blanks may stand where an editor has put them") {
    CHECK(find_number("{ \"pid\" :  12 }", "pid") == 12);
}

TEST_CASE("salvage: a text that is not whole, or is escaped, is none") {
    CHECK(find_text("{\"bundle\":\"/pods/we", "bundle").empty());
    CHECK(find_text("{\"bundle\":\"/pods/\\u0041\"", "bundle").empty());
    CHECK(find_text("{\"bundle\":12}", "bundle").empty());
}
