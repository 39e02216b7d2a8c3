#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// Longer lines are cut on both sides of the place.
constexpr size_t max_width = 96;
constexpr size_t tab_width = 4;

uint32_t point_of(std::string_view character) {
    const auto byte = [&](size_t i) {
        return static_cast<uint32_t>(static_cast<unsigned char>(character[i]));
    };
    switch (character.size()) {
        case 1:
            return byte(0);
        case 2:
            return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
        case 3:
            return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
        default:
            return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 |
                   (byte(3) & 0x3f);
    }
}

// Control characters, and those that change the direction or look of characters around them.
bool is_hidden(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

// Takes one character from the front of `text`, as it is shown. A character counts as one column
// (wide ones are not measured).
std::string take_shown(std::string_view& text) {
    const size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<size_t>(1, length));
    text.remove_prefix(character.size());
    if (length > 0 && !is_hidden(point_of(character))) return std::string(character);
    std::string shown;
    for (const char c : character)
        shown += format("\\x{:02x}", static_cast<unsigned char>(c));
    return shown;
}

struct Cell {
    std::string text;
    size_t width = 1;
};

Cell take_cell(std::string_view& text) {
    if (text.front() == '\t') {
        text.remove_prefix(1);
        return {.text = std::string(tab_width, ' '), .width = tab_width};
    }
    Cell cell{.text = take_shown(text)};
    if (cell.text.front() == '\\' && cell.text.size() > 1) cell.width = cell.text.size();
    return cell;
}

bool is_blank(const Cell& cell) {
    return cell.text.find_first_not_of(' ') == std::string::npos;
}

// The line and the caret below it, each after a line end.
std::string render_line(const Place& place) {
    // A line of megabytes is cut before it is processed.
    constexpr size_t reach = max_width * 4;
    const size_t from = place.byte_column > reach ? place.byte_column - reach : 0;
    std::string_view rest = place.line_text.substr(from, 2 * reach);
    const char* const caret_at = place.line_text.data() + place.byte_column;
    std::vector<Cell> cells;
    size_t caret = 0;
    for (; !rest.empty(); cells.push_back(take_cell(rest))) {
        if (rest.data() <= caret_at) caret = cells.size();
    }
    if (place.byte_column >= place.line_text.size()) caret = cells.size();

    size_t first = 0;
    while (first < cells.size() && is_blank(cells[first]))
        ++first;  // the indentation
    first = std::min(first, caret);
    if (caret - first > max_width / 2) first = caret - max_width / 2;
    const size_t last = std::min(cells.size(), first + max_width);
    std::string line = "\n      ";
    std::string below = "\n      ";
    const bool cut = first > 0 && !is_blank(cells[first - 1]);
    if (cut || from > 0) {
        line += "...";
        below += "   ";
    }
    for (size_t i = first; i < last; ++i) {
        line += cells[i].text;
        if (i < caret) below.append(cells[i].width, ' ');
    }
    if (last < cells.size() || !rest.empty()) line += "...";
    return line + below + "^";
}

// For an object or array whose bracket is the last of its line: where its first member begins.
size_t telling_offset(size_t offset, std::string_view text) {
    while (offset < text.size() && (text[offset] == '{' || text[offset] == '[')) {
        const size_t next = text.find_first_not_of(" \t\r\n", offset + 1);
        if (next == std::string_view::npos || text[next] == '}' || text[next] == ']') break;
        if (!text.substr(offset, next - offset).contains('\n')) break;
        offset = next;
    }
    return offset;
}

std::optional<size_t> offset_of(const Problem& problem, std::string_view text) {
    std::string_view pointer = problem.pointer;
    if (pointer.empty()) return problem.offset;
    std::optional<size_t> offset = problem.offset;
    if (!offset) offset = find_offset(text, pointer, PlaceOf::value);
    if (offset) return telling_offset(*offset, text);
    // What is missing has the place of what it is missing in.
    while (!offset && !pointer.empty()) {
        pointer = pointer.substr(0, pointer.rfind('/'));
        if (!pointer.empty()) offset = find_offset(text, pointer, PlaceOf::key);
    }
    return offset;
}

// "file:line:column: pointer: what"
std::string render_head(const Problem& problem,
                        std::optional<size_t> offset,
                        std::string_view file,
                        std::string_view text) {
    std::string out = escape_text(file);
    if (offset) {
        const Place place = place_at(text, *offset);
        out += format(":{}:{}", place.line, place.column);
    }
    if (!problem.pointer.empty()) out += ": " + escape_text(problem.pointer);
    if (!problem.what.empty()) out += ": " + escape_lines(problem.what, "  ");
    return out;
}

}  // namespace

size_t utf8_length(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
    for (size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    const uint32_t point = point_of(text.substr(0, length));
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    return overlong || surrogate || point > 0x10ffff ? 0 : length;
}

std::string escape_text(std::string_view text) {
    std::string out;
    while (!text.empty())
        out += take_shown(text);
    return out;
}

std::string quote_word(std::string_view word) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,@%+^-";
    if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos)
        return std::string(word);
    std::string quoted = "\"";
    for (; !word.empty();) {
        constexpr std::string_view special = "\"\\\n\t\r";
        constexpr std::string_view letters = "\"\\ntr";
        const size_t which = special.find(word.front());
        if (which == std::string_view::npos) {
            quoted += take_shown(word);
            continue;
        }
        quoted += '\\';
        quoted += letters[which];
        word.remove_prefix(1);
    }
    return quoted + "\"";
}

std::string escape_lines(std::string_view text, std::string_view indent) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n'))
        lines.push_back(escape_text(line));
    return join(lines, format("\n{}", indent));
}

std::optional<Place> place_of(const Problem& problem, std::string_view text) {
    const std::optional<size_t> offset = offset_of(problem, text);
    if (!offset) return std::nullopt;
    return place_at(text, *offset);
}

std::string render_problem(const Problem& problem, std::string_view file, std::string_view text) {
    const std::optional<size_t> offset = offset_of(problem, text);
    std::string out = render_head(problem, offset, file, text);
    if (offset) out += render_line(place_at(text, *offset));
    if (!problem.hint.empty()) out += "\n  " + escape_lines(problem.hint, "  ");
    return out;
}

std::string render_in_line(const Problem& problem, std::string_view file, std::string_view text) {
    const std::string head = render_head(problem, offset_of(problem, text), file, text);
    return problem.hint.empty() ? head : format("{}; {}", head, escape_lines(problem.hint, "  "));
}

}  // namespace sampan
