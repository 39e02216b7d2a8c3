#include "spec/locate.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace sampan {

namespace {

// Walks a text that was parsed without an error (or up to the error). So it only checks for the end
// of the text.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] size_t position() const { return at_; }
    void move_to(size_t position) { at_ = position; }
    // The next character that is not white space; 0 at the end.
    char peek() {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    void skip() { ++at_; }
    // The content of the string, still escaped.
    std::string_view raw_string() {
        const size_t start = ++at_;
        while (at_ < text_.size() && text_[at_] != '"')
            at_ += text_[at_] == '\\' ? 2 : 1;
        at_ = std::min(at_, text_.size());
        const std::string_view inside = text_.substr(start, at_ - start);
        if (at_ < text_.size()) ++at_;
        return inside;
    }
    void skip_value();

  private:
    std::string_view text_;
    size_t at_ = 0;
};

void Scanner::skip_value() {
    size_t depth = 0;
    do {
        const char c = peek();
        if (c == '\0') return;
        if (c == '"') {
            raw_string();
        } else if (c == '{' || c == '[') {
            ++depth;
            skip();
        } else if (c == '}' || c == ']') {
            if (depth == 0) return;
            --depth;
            skip();
        } else if (c == ',' || c == ':') {
            if (depth == 0) return;
            skip();
        } else {
            at_ = std::min(text_.find_first_of(" \t\r\n,:]}", at_), text_.size());
        }
    } while (depth > 0);
}

void append_utf8(std::string& out, uint32_t point) {
    auto add = [&out](uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        add(point);
    } else if (point < 0x800) {
        add(0xc0 | point >> 6);
        add(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        add(0xe0 | point >> 12);
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    } else {
        add(0xf0 | point >> 18);
        add(0x80 | (point >> 12 & 0x3f));
        add(0x80 | (point >> 6 & 0x3f));
        add(0x80 | (point & 0x3f));
    }
}

uint32_t hex_at(std::string_view raw, size_t at) {
    if (at >= raw.size()) return 0;
    return parse_number<uint32_t>(raw.substr(at, 4), 16).value_or(0);
}

std::string unescape(std::string_view raw) {
    std::string out;
    for (size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 >= raw.size()) {
            out += raw[i];
            continue;
        }
        const char c = raw[++i];
        constexpr std::string_view letters = "bfnrt";
        constexpr std::string_view meanings = "\b\f\n\r\t";
        if (c == 'u') {
            uint32_t point = hex_at(raw, i + 1);
            i += 4;
            if (point >= 0xd800 && point < 0xdc00) {
                point = 0x10000 + ((point - 0xd800) << 10) + (hex_at(raw, i + 3) - 0xdc00);
                i += 6;
            }
            append_utf8(out, point);
        } else if (const size_t letter = letters.find(c); letter != std::string_view::npos) {
            out += meanings[letter];
        } else {
            out += c;
        }
    }
    return out;
}

// One part of a pointer, without its escapes.
std::string token_text(std::string_view token) {
    std::string out;
    for (size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~' || i + 1 >= token.size()) {
            out += token[i];
        } else {
            out += token[++i] == '1' ? '/' : '~';
        }
    }
    return out;
}

struct Found {
    size_t key = 0;
    size_t value = 0;
};

// The last member with this key in the object at which the scanner is.
std::optional<Found> find_member(Scanner& scanner, std::string_view key) {
    std::optional<Found> found;
    scanner.skip();
    while (scanner.peek() == '"') {
        const size_t key_at = scanner.position();
        const bool same = unescape(scanner.raw_string()) == key;
        if (scanner.peek() != ':') break;
        scanner.skip();
        scanner.peek();
        if (same) found = Found{.key = key_at, .value = scanner.position()};
        scanner.skip_value();
        if (scanner.peek() != ',') break;
        scanner.skip();
    }
    return found;
}

std::optional<Found> find_element(Scanner& scanner, std::string_view token) {
    const std::optional<size_t> index = parse_number<size_t>(token);
    if (!index) return std::nullopt;
    scanner.skip();
    for (size_t i = 0; i < *index; ++i) {
        scanner.skip_value();
        if (scanner.peek() != ',') return std::nullopt;
        scanner.skip();
    }
    if (scanner.peek() == ']' || scanner.peek() == '\0') return std::nullopt;
    return Found{.key = scanner.position(), .value = scanner.position()};
}

}  // namespace

std::optional<size_t> find_offset(std::string_view text, std::string_view pointer, PlaceOf what) {
    Scanner scanner(text);
    scanner.peek();
    Found here{.key = scanner.position(), .value = scanner.position()};
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const size_t length = std::min(pointer.find('/'), pointer.size());
        const std::string token = token_text(pointer.substr(0, length));
        pointer.remove_prefix(length);
        scanner.move_to(here.value);
        const char c = scanner.peek();
        std::optional<Found> next;
        if (c == '{') next = find_member(scanner, token);
        if (c == '[') next = find_element(scanner, token);
        if (!next) return std::nullopt;
        here = *next;
    }
    return what == PlaceOf::key ? here.key : here.value;
}

std::string text_at(std::string_view text, std::string_view pointer) {
    const std::optional<size_t> offset = find_offset(text, pointer, PlaceOf::value);
    if (!offset || *offset >= text.size()) return "";
    Scanner scanner(text);
    scanner.move_to(*offset);
    const char first = scanner.peek();
    if (first == '"') return unescape(scanner.raw_string());
    if (first == '{' || first == '[') return "";
    scanner.skip_value();
    return std::string(text.substr(*offset, scanner.position() - *offset));
}

Place place_at(std::string_view text, size_t offset) {
    offset = std::min(offset, text.size());
    const std::string_view before = text.substr(0, offset);
    const size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    Place place;
    place.line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    place.line_text = text.substr(start, std::min(text.find('\n', start), text.size()) - start);
    if (place.line_text.ends_with('\r')) place.line_text.remove_suffix(1);
    place.byte_column = std::min(offset - start, place.line_text.size());
    for (size_t i = start; i < offset; ++place.column) {
        i += std::max<size_t>(1, utf8_length(text.substr(i, offset - i)));
    }
    return place;
}

std::optional<Place> locate(std::string_view text, std::string_view pointer) {
    const std::optional<size_t> offset = find_offset(text, pointer, PlaceOf::value);
    if (!offset) return std::nullopt;
    return place_at(text, *offset);
}

}  // namespace sampan
