#include "base/carried_error.h"

#include <array>
#include <optional>
#include <utility>

#include "base/text.h"

namespace sampan {

namespace {

// kind NUL errno NUL pointer NUL hint NUL step NUL text
constexpr size_t parts_before_text = 5;
using Parts = std::array<std::string_view, parts_before_text>;

// The beginning of `text`, not ending in the middle of a UTF-8 character.
std::string_view cut(std::string_view text, size_t size) {
    if (text.size() <= size) return text;
    const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    while (size > 0 && is_inside(text[size]))
        --size;
    return text.substr(0, size);
}

// Takes the parts off the beginning of `text`.
std::optional<Parts> take_parts(std::string_view& text) {
    Parts parts;
    std::string_view rest = text;
    for (std::string_view& part : parts) {
        const size_t end = rest.find('\0');
        if (end == std::string_view::npos) return std::nullopt;
        part = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    text = rest;
    return parts;
}

int errno_in(std::string_view part) {
    constexpr int largest = 4095;  // MAX_ERRNO of the kernel
    const int code = parse_number<int>(part).value_or(0);
    return code > 0 && code <= largest ? code : 0;
}

}  // namespace

std::string pack_error(const Error& error, size_t room) {
    std::string bytes = format("{}", std::to_underlying(error.kind())) + '\0';
    bytes += format("{}", error.code()) + '\0';
    // Each part leaves room for the others, however long it is.
    bytes += cut(error.pointer(), room / 4);
    bytes += '\0';
    bytes += cut(error.hint(), room / 4);
    bytes += '\0';
    bytes += cut(error.step(), room / 8);
    bytes += '\0';
    return bytes += cut(error.what(), room - bytes.size());
}

Error unpack_error(std::string_view bytes) {
    const std::optional<Parts> parts = take_parts(bytes);
    bytes = bytes.substr(0, bytes.find('\0'));
    if (!parts) return Error(bytes);
    const auto& [kind, code, pointer, hint, step] = *parts;
    Error error(bytes, errno_in(code));
    if (const auto number = parse_number<uint32_t>(kind))
        error.set_kind(error_kind(*number).value_or(ErrorKind::failed));
    if (error.kind() == ErrorKind::hung_up) error.set_kind(ErrorKind::failed);
    error.set_pointer(pointer).set_hint(hint).set_step(step);
    return error;
}

}  // namespace sampan
