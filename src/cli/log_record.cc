#include "cli/log_record.h"

#include "base/text.h"
#include "os/clock.h"
#include "spec/json.h"

namespace sampan {

namespace {

// In the form that readers of key="value" lines expect.
std::string escape_quotes(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

void put_text(JsonWriter& writer, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    writer.key(key);
    writer.string(value);
}

void put_number(JsonWriter& writer, std::string_view key, uint64_t value) {
    if (value == 0) return;
    writer.key(key);
    writer.unsigned_integer(value);
}

}  // namespace

void set_place(LogRecord& record,
               const Problem& problem,
               std::string_view file,
               std::string_view text) {
    record.file = file;
    record.place = place_of(problem, text);
    record.pointer = problem.pointer;
    record.object = text_at(text, problem.pointer);
    if (record.hint.empty()) record.hint = problem.hint;
}

std::string make_log_line(LogFormat style, const LogRecord& record) {
    if (style == LogFormat::text)
        return format("time=\"{}\" level={} msg=\"{}\"\n", timestamp(), record.level,
                      escape_text(escape_quotes(record.message)));
    JsonWriter writer(JsonStyle::compact);
    writer.begin_object();
    put_text(writer, "level", record.level);
    put_text(writer, "code", record.code);
    writer.key("msg");
    writer.string(record.message);
    put_text(writer, "container", record.container);
    put_text(writer, "step", record.step);
    put_text(writer, "file", record.file);
    put_number(writer, "line", record.place ? record.place->line : 0);
    put_number(writer, "column", record.place ? record.place->column : 0);
    put_text(writer, "pointer", record.pointer);
    put_text(writer, "object", record.object);
    put_number(writer, "errno", static_cast<uint64_t>(record.error_number));
    // People are shown it by programs that read the log.
    put_text(writer, "hint", escape_lines(record.hint, ""));
    put_text(writer, "time", timestamp());
    writer.end_object();
    return std::move(writer).take() + "\n";
}

}  // namespace sampan
