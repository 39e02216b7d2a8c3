#include "cli/log_record.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

std::string without_time(const std::string& line) {
    const size_t json = line.find(",\"time\":");
    return json != std::string::npos ? line.substr(0, json) : line.substr(line.find("\" ") + 2);
}

}  // namespace

TEST_CASE("log record: what is not known is left out, and the text stays one line") {
    LogRecord record{.level = "error", .code = "config", .message = "a \"b\" \\ \x1b\nc"};
    CHECK(without_time(make_log_line(LogFormat::json, record)) ==
          R"({"level":"error","code":"config","msg":"a \"b\" \\ \u001b\nc")");
    CHECK(without_time(make_log_line(LogFormat::text, record)) ==
          "level=error msg=\"a \\\"b\\\" \\\\ \\x1b\\x0ac\"\n");
    record.message = "m";
    record.container = "web";
    record.step = "bind /a on /b";
    record.error_number = 2;
    record.hint = "do it";
    CHECK(without_time(make_log_line(LogFormat::json, record)) ==
          R"({"level":"error","code":"config","msg":"m","container":"web","step":"bind /a on /b",)"
          R"("errno":2,"hint":"do it")");
}

TEST_CASE(
    "log record: a place is that of the pointer's value, with the value if it is a plain one") {
    const std::string_view text = "{\n  \"a\": [\"x\\n\", -5, {}]\n}";
    const auto placed = [&](const std::string& pointer) {
        LogRecord record{.level = "error", .code = {}, .message = "m"};
        set_place(record, {.pointer = pointer, .what = {}, .hint = "h", .offset = {}}, "f", text);
        const std::string line = without_time(make_log_line(LogFormat::json, record));
        return line.substr(line.find("\"file\""));
    };
    CHECK(placed("/a/0") ==
          R"("file":"f","line":2,"column":9,"pointer":"/a/0","object":"x\n","hint":"h")");
    CHECK(placed("/a/1") ==
          R"("file":"f","line":2,"column":16,"pointer":"/a/1","object":"-5","hint":"h")");
    CHECK(placed("/a/2") == R"("file":"f","line":2,"column":20,"pointer":"/a/2","hint":"h")");
    CHECK(placed("/b") == R"("file":"f","pointer":"/b","hint":"h")");
}
