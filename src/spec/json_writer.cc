#include <array>
#include <charconv>

#include "base/text.h"
#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

void append_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const size_t length = utf8_length(text);
        const char c = text.front();
        if (length == 0) {
            out += "\xef\xbf\xbd";
        } else if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else if (length == 1 && static_cast<unsigned char>(c) < 0x20) {
            out += format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

template <class T>
void append_number(std::string& out, T value) {
    std::array<char, 24> digits{};
    const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), end);
}

}  // namespace

void JsonWriter::new_line() {
    if (style_ == JsonStyle::compact) return;
    out_ += '\n';
    out_.append(depth_ * 2, ' ');
}

void JsonWriter::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (depth_ == 0) return;
    if (!first_) out_ += ',';
    first_ = false;
    new_line();
}

void JsonWriter::begin(char bracket) {
    before_value();
    out_ += bracket;
    ++depth_;
    first_ = true;
}

void JsonWriter::end(char bracket) {
    --depth_;
    if (!first_) new_line();
    out_ += bracket;
    first_ = false;
}

void JsonWriter::key(std::string_view name) {
    before_value();
    append_string(out_, name);
    out_ += style_ == JsonStyle::compact ? ":" : ": ";
    after_key_ = true;
}

void JsonWriter::string(std::string_view value) {
    before_value();
    append_string(out_, value);
}

void JsonWriter::boolean(bool value) {
    before_value();
    out_ += value ? "true" : "false";
}

void JsonWriter::integer(int64_t value) {
    before_value();
    append_number(out_, value);
}

void JsonWriter::unsigned_integer(uint64_t value) {
    before_value();
    append_number(out_, value);
}

void JsonWriter::number(std::string_view text) {
    before_value();
    out_ += text;
}

void JsonWriter::null() {
    before_value();
    out_ += "null";
}

std::string json_string(std::string_view text) {
    JsonWriter writer(JsonStyle::compact);
    writer.string(text);
    return std::move(writer).take();
}

}  // namespace sampan
