// Text: formatting (by fmt), splitting, and numbers, which are read completely or not at all.
#pragma once

#include <cerrno>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/result.h"

namespace sampan {

using fmt::format;

// fail_errno() and failf() call these. They are not templates, so that code which can fail contains
// only a call, and no formatting code.
Failure fail_formatted(int code, fmt::string_view text, fmt::format_args arguments);
Failure fail_formatted(ErrorKind kind, fmt::string_view text, fmt::format_args arguments);

// For a system call that has just failed and set errno: `return fail_errno("opening {}", path);`
template <class... Args>
Failure fail_errno(fmt::format_string<Args...> text, Args&&... args) {
    const int code = errno;
    return fail_formatted(code, text, fmt::make_format_args(args...));
}
template <class... Args>
Failure failf(fmt::format_string<Args...> text, Args&&... args) {
    return fail_formatted(0, text, fmt::make_format_args(args...));
}
template <class... Args>
Failure failf(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
    return fail_formatted(kind, text, fmt::make_format_args(args...));
}

// The whole of `text` as a number; nothing if any character is left over (CVE-2026-30892).
template <std::integral T>
[[nodiscard]] std::optional<T> parse_number(std::string_view text, int base = 10) {
    T value{};
    const char* begin = text.data();
    const char* end = begin + text.size();
    const auto [stopped, code] = std::from_chars(begin, end, value, base);
    if (code != std::errc() || stopped != end || text.empty()) return std::nullopt;
    return value;
}

// "64m" in bytes: a number, and optionally one of k, m, g and t (powers of 1024; also in capitals,
// and as "kb" or "kib"). "-1", which means no limit, is -1. Nothing for other texts, and for more
// than 2^63 - 1.
[[nodiscard]] std::optional<int64_t> parse_bytes(std::string_view text);

// The parts of `text` between separators; empty parts are kept.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// The parts that are separated by any number of blanks, tabs and line ends; no part is empty.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);
// Removes blanks and line ends at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace sampan
