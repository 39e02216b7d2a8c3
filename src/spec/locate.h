// Places in a JSON text, and how they are shown. Only used if something is wrong: reading keeps no
// positions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sampan {

// At most this many problems of a file are collected.
inline constexpr size_t max_problems = 20;

enum class PlaceOf { value, key };

// Where the value of a JSON pointer (or its key) begins in `text`, in bytes from the start; the
// last one, if a key is given twice. Nothing if the text has no such value.
[[nodiscard]] std::optional<size_t> find_offset(std::string_view text,
                                                std::string_view pointer,
                                                PlaceOf what);

// The string (without its escapes) or number of a JSON pointer; "" for anything else.
[[nodiscard]] std::string text_at(std::string_view text, std::string_view pointer);

struct Place {
    size_t line = 1;         // from 1
    size_t column = 1;       // in characters, from 1
    size_t byte_column = 0;  // in line_text
    std::string_view line_text;
};

[[nodiscard]] Place place_at(std::string_view text, size_t offset);
// The place of a pointer's value.
[[nodiscard]] std::optional<Place> locate(std::string_view text, std::string_view pointer);

// Where a problem is: by its offset, or by its pointer. The place of an object or array whose
// bracket is the last of its line, which says nothing, is that of its first member.
[[nodiscard]] std::optional<Place> place_of(const Problem& problem, std::string_view text);

// A problem for people: "file:line:column: pointer: what", then the line and a caret below it, then
// the hint. If the place is not known, the first line has what is known. No line end at the end.
[[nodiscard]] std::string render_problem(const Problem& problem,
                                         std::string_view file,
                                         std::string_view text);

// The same in one line, without the line of the file: "file:line:column: pointer: what; hint".
[[nodiscard]] std::string render_in_line(const Problem& problem,
                                         std::string_view file,
                                         std::string_view text);

// The length of the UTF-8 character at the beginning of `text`; 0 if there is none.
[[nodiscard]] size_t utf8_length(std::string_view text);
// Makes text safe to print: control characters, bytes that are not UTF-8, and characters that
// reorder the text around them become \xNN.
[[nodiscard]] std::string escape_text(std::string_view text);
// A word of a command line: in double quotes if it would not be read as one word otherwise. What is
// hidden is escaped as in C.
[[nodiscard]] std::string quote_word(std::string_view word);
// Makes a text of several lines safe to print; all but the first begin with `indent`.
[[nodiscard]] std::string escape_lines(std::string_view text, std::string_view indent);

}  // namespace sampan
