#include "cli/style.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

namespace sampan {

namespace {

std::string_view code_of(Ink ink) {
    switch (ink) {
        case Ink::error:
            return "1;31";
        case Ink::warning:
            return "1;33";
        case Ink::title:
            break;
    }
    return "1";
}

}  // namespace

bool shows_colours(int fd) {
    const char* refused = ::secure_getenv("NO_COLOR");
    if (refused != nullptr && *refused != '\0') return false;
    const char* terminal = ::secure_getenv("TERM");
    return terminal != nullptr && std::string_view(terminal) != "dumb" && ::isatty(fd) != 0;
}

std::string painted(int fd, Ink ink, std::string_view text) {
    return shows_colours(fd) ? format("\033[{}m{}\033[0m", code_of(ink), text) : std::string(text);
}

std::string with_painted_carets(int fd, std::string_view text) {
    if (!shows_colours(fd)) return std::string(text);
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n')) {
        const bool is_caret = trim(line) == "^";
        lines.push_back(is_caret ? painted(fd, Ink::error, line) : std::string(line));
    }
    return join(lines, "\n");
}

}  // namespace sampan
