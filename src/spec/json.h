// Reads and writes JSON text. It is strict wherever two programs could read the same file
// differently: a key given twice, a NUL in a string, bytes that are not UTF-8, text after the end.
// RapidJSON is not visible outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

enum class JsonKind { null, boolean, number, string, array, object };

// One value of a JsonDocument, which must outlive it. To ask for another type than the value has is
// a mistake of the caller, except for the integers.
class Json {
  public:
    [[nodiscard]] JsonKind kind() const;
    [[nodiscard]] bool boolean() const;
    [[nodiscard]] std::string_view string() const;
    // Nothing if the number has a fraction or an exponent, or does not fit.
    [[nodiscard]] std::optional<int64_t> as_signed() const;
    [[nodiscard]] std::optional<uint64_t> as_unsigned() const;
    [[nodiscard]] double number() const;
    // For arrays and objects: the number of elements, and one of them.
    [[nodiscard]] size_t size() const;
    [[nodiscard]] Json element(size_t index) const;
    [[nodiscard]] std::string_view key(size_t index) const;
    [[nodiscard]] Json member(size_t index) const;

  private:
    friend class JsonDocument;
    explicit Json(const void* value) : value_(value) {}
    const void* value_;
};

// The error for a text that breaks the rules; `name` is the file that it shows.
Failure invalid_file(std::string_view name, std::string_view text, std::vector<Problem> problems);

class JsonDocument {
  public:
    // Parses the whole of `text`; `name` is the file that errors show. The error has the problems,
    // each with its place, and the text.
    static Result<JsonDocument> parse(std::string_view text, std::string_view name);
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;
    JsonDocument(const JsonDocument&) = delete;
    JsonDocument& operator=(const JsonDocument&) = delete;
    ~JsonDocument();

    [[nodiscard]] Json root() const;

  private:
    struct Tree;
    explicit JsonDocument(std::unique_ptr<Tree> tree);
    std::unique_ptr<Tree> tree_;
};

enum class JsonStyle {
    compact,   // without white space
    indented,  // by two spaces, a line for each element; no line end at the end
};

// Appends JSON to a text. Bytes that are not UTF-8 become U+FFFD, so that the output is always
// JSON.
class JsonWriter {
  public:
    explicit JsonWriter(JsonStyle style) : style_(style) {}
    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }
    void key(std::string_view name);
    void string(std::string_view value);
    void boolean(bool value);
    void integer(int64_t value);
    void unsigned_integer(uint64_t value);
    // A number that is written out: "1.25".
    void number(std::string_view text);
    void null();
    [[nodiscard]] std::string take() && { return std::move(out_); }

  private:
    void begin(char bracket);
    void end(char bracket);
    void before_value();
    void new_line();

    JsonStyle style_;
    std::string out_;
    size_t depth_ = 0;
    bool first_ = true;  // nothing written yet in the innermost array or object
    bool after_key_ = false;
};

// The text as a JSON string, in quotation marks.
[[nodiscard]] std::string json_string(std::string_view text);

// `token` as a part of a JSON pointer (RFC 6901), with a leading slash.
[[nodiscard]] std::string pointer_part(std::string_view token);
// Appends the pointer part of an array's element.
void append_index(std::string& pointer, size_t index);

}  // namespace sampan
