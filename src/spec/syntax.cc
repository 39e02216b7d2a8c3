#include "spec/syntax.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// The offset of the last character before `offset` that is not white space; npos if there is none.
size_t before(std::string_view text, size_t offset) {
    return offset == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", offset - 1);
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '.';
}

std::string_view word_at(std::string_view text, size_t offset) {
    const auto end =
        std::find_if_not(text.begin() + static_cast<ptrdiff_t>(offset), text.end(), is_word);
    return text.substr(offset, static_cast<size_t>(end - text.begin()) - offset);
}

// For a word that is not a JSON value. The start of the word is searched, because parsers stop
// inside it.
std::string explain_word(std::string_view word) {
    const char c = word.front();
    if (word == "True" || word == "False" || word == "TRUE" || word == "FALSE" || word == "None") {
        return format("{} is no JSON value: write true, false or null", word);
    }
    if (word == "NaN" || word == "Infinity" || word == "-Infinity") {
        return format("{} is no JSON value", word);
    }
    if (word.size() > 1 && c == '0' && word[1] != '.') {
        return format("{} is no JSON number: only decimal ones without a leading zero are", word);
    }
    if (c == '+' || c == '-' || c == '.' || (c >= '0' && c <= '9')) {
        return format("{} is no JSON number", word);
    }
    return format("{} needs quotes around it", word);
}

size_t word_start(std::string_view text, size_t offset) {
    while (offset > 0 && is_word(text[offset - 1]))
        --offset;
    return offset;
}

Problem at(size_t offset, std::string what, std::string hint = {}) {
    return {.pointer = {}, .what = std::move(what), .hint = std::move(hint), .offset = offset};
}

// A sentence of the parser, in the style of ours.
std::string reword(std::string_view sentence) {
    std::string text(sentence);
    if (text.ends_with('.')) text.pop_back();
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

bool starts_value(char c) {
    return c == '"' || c == '{' || c == '[' || is_word(c);
}

// `previous` ends a value or is between two values, and something unexpected follows.
Problem explain_order(std::string_view text,
                      size_t offset,
                      size_t previous,
                      std::string_view fallback) {
    const char c = text[offset];
    const char last = text[previous];
    if (last == ',' && (c == '}' || c == ']')) {
        return at(previous, format("a comma must not stand before {}", c), "remove the comma");
    }
    if (last == ',' && c == ',') return at(offset, "a value is missing between two commas");
    if (last == '"' && starts_value(c)) {
        return at(offset, "a comma or a colon is missing before this");
    }
    if ((last == '}' || last == ']' || is_word(last)) && starts_value(c)) {
        return at(offset, "a comma is missing before this");
    }
    if (c == '}' || c == ']') return at(offset, format("{} does not belong here", c));
    return at(offset, reword(fallback));
}

// The bracket, brace or quote that nothing closes. If the text is indented, a bracket that stands
// further to the left than the line of the one that it closes shows that one before it is missing:
// what is open at the end is then only what has moved. Each character is looked at once.
class OpenSearch {
  public:
    explicit OpenSearch(std::string_view text) : text_(text) {}

    std::optional<size_t> search() {
        begin_line(0);
        for (size_t at = 0; at < text_.size(); ++at) {
            const char c = text_[at];
            if (c == '\n') {
                begin_line(at + 1);
            } else if (c == '"') {
                const size_t end = end_of_string(at);
                if (end == std::string_view::npos) return at;
                at = end;
            } else if (c == '{' || c == '[') {
                open_.push_back({.at = at, .indentation = indentation_});
            } else if ((c == '}' || c == ']') && !open_.empty()) {
                take_end(at);
            }
        }
        if (open_.empty()) return std::nullopt;
        return suspect_ ? suspect_ : open_.back().at;
    }

  private:
    struct Opener {
        size_t at;
        size_t indentation;  // of its line
    };

    void begin_line(size_t start) {
        first_of_line_ = std::min(text_.find_first_not_of(" \t", start), text_.size());
        indentation_ = first_of_line_ - start;
    }
    [[nodiscard]] size_t end_of_string(size_t at) const {
        for (++at; at < text_.size() && text_[at] != '"'; ++at)
            if (text_[at] == '\\') ++at;
        return at < text_.size() ? at : std::string_view::npos;
    }
    void take_end(size_t at) {
        const Opener opener = open_.back();
        open_.pop_back();
        if (!suspect_ && at == first_of_line_ && indentation_ < opener.indentation)
            suspect_ = opener.at;
    }

    std::string_view text_;
    size_t first_of_line_ = 0;
    size_t indentation_ = 0;  // of the present line
    std::vector<Opener> open_;
    std::optional<size_t> suspect_;
};

Problem explain_end(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        return {.pointer = {}, .what = "the file is empty", .hint = {}, .offset = {}};
    }
    const std::optional<size_t> open = OpenSearch(text).search();
    if (!open) return at(text.size(), "the text ends too early");
    const char c = text[*open];
    return at(*open, format("the text ends, and this {} is not closed", c),
              format("add the {} that is missing", c == '{'   ? '}'
                                                   : c == '[' ? ']'
                                                              : '"'));
}

}  // namespace

Problem explain_nul(std::string_view text, size_t offset) {
    const bool has_mark = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
    // JSON begins with an ASCII character, one byte of which is then NUL.
    const bool has_wide_start = text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
    if (has_mark || has_wide_start) return at(0, "the file is UTF-16", "save it as UTF-8");
    return at(offset, "a NUL character cannot be part of a JSON text");
}

Problem explain_syntax(std::string_view text, size_t offset, std::string_view fallback) {
    if (text.starts_with("\xef\xbb\xbf")) {
        return at(0, "the file starts with a byte order mark", "save it as UTF-8 without one");
    }
    if (offset >= text.size()) return explain_end(text);
    const char c = text[offset];
    const size_t previous = before(text, offset);
    if (utf8_length(text.substr(offset)) == 0) {
        return at(offset, "this is not UTF-8", "save the file as UTF-8");
    }
    if (fallback.find("string") != std::string_view::npos) {
        if (static_cast<unsigned char>(c) < 0x20) {
            return at(offset, "a line end or control character cannot be part of a string",
                      "close the string, or write \\n or \\t");
        }
        return at(offset, reword(fallback));
    }
    if (c == '/' || c == '#') return at(offset, "JSON has no comments", "remove the comment");
    if (fallback.find("root must not be followed") != std::string_view::npos) {
        return at(offset, "the JSON value has ended before this", "remove what follows it");
    }
    if (c == '\'') return at(offset, "strings stand in double quotes");
    const bool behind_word = offset > 0 && previous == offset - 1 && is_word(text[previous]);
    if (is_word(c) || behind_word) {
        const size_t start = word_start(text, offset);
        const std::string_view word = word_at(text, start);
        if (word != "true" && word != "false" && word != "null" &&
            (start != offset || !(c >= '1' && c <= '9'))) {
            return at(start, explain_word(word));
        }
    }
    if (previous == std::string_view::npos) {
        return at(offset, "the file does not start with a JSON value");
    }
    return explain_order(text, offset, previous, fallback);
}

}  // namespace sampan
