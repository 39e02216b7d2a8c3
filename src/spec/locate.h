// Places in a JSON text, and how they are shown. Used only once something is wrong: reading keeps
// no positions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sampan {

// The most problems of a file that are collected.
inline constexpr size_t max_problems = 20;

enum class PlaceOf { value, key };

// Where the value (or its key) of a JSON pointer begins in `text`, in bytes from the start. The
// last one, where a key is given twice. Nothing when the text holds no such value.
[[nodiscard]] std::optional<size_t> find_offset(std::string_view text,
                                                std::string_view pointer,
                                                PlaceOf what);

struct Place {
    size_t line = 1;         // from 1
    size_t column = 1;       // in characters, from 1
    size_t byte_column = 0;  // into line_text
    std::string_view line_text;
};

[[nodiscard]] Place place_at(std::string_view text, size_t offset);
// The place of a pointer's value.
[[nodiscard]] std::optional<Place> locate(std::string_view text, std::string_view pointer);

// A problem for a person: "file:line:column: pointer: what", the line with a caret below, the hint.
// Without a known place the first line has only what is known. No line end at the end.
[[nodiscard]] std::string render_problem(const Problem& problem,
                                         std::string_view file,
                                         std::string_view text);

// The same in one line, without the file's own: "file:line:column: pointer: what; hint".
[[nodiscard]] std::string render_in_line(const Problem& problem,
                                         std::string_view file,
                                         std::string_view text);

// The length of the UTF-8 character that `text` starts with; 0 when it is none.
[[nodiscard]] size_t utf8_length(std::string_view text);
// Safe to print: control characters, bytes that are not UTF-8 and characters that reorder the text
// around them become \xNN.
[[nodiscard]] std::string escape_text(std::string_view text);
// The same for text of several lines; those after the first begin with `indent`.
[[nodiscard]] std::string escape_lines(std::string_view text, std::string_view indent);

}  // namespace sampan
