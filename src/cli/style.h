// Colours, for people only: what a program reads never has them.
#pragma once

#include <string>
#include <string_view>

namespace sampan {

enum class Ink { title, error, warning };

// True if `fd` is a terminal that can show colours, and nobody wants none (https://no-color.org).
[[nodiscard]] bool shows_colours(int fd);
// The text in that colour if `fd` shows colours, else as it is.
[[nodiscard]] std::string painted(int fd, Ink ink, std::string_view text);
// The same for the carets below quoted lines, each of which has a line of its own.
[[nodiscard]] std::string with_painted_carets(int fd, std::string_view text);

}  // namespace sampan
