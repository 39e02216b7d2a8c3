#include "base/text.h"

#include <algorithm>
#include <limits>

namespace sampan {

namespace {
constexpr std::string_view blanks = " \t\r\n";
}

Failure fail_formatted(int code, fmt::string_view text, fmt::format_args arguments) {
    return fail(fmt::vformat(text, arguments), code);
}

Failure fail_formatted(ErrorKind kind, fmt::string_view text, fmt::format_args arguments) {
    return fail(kind, fmt::vformat(text, arguments));
}

std::optional<int64_t> parse_bytes(std::string_view text) {
    if (text == "-1") return -1;
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::optional<int64_t> number = parse_number<int64_t>(text.substr(0, digits));
    std::string unit(text.substr(digits));
    for (char& c : unit)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    constexpr std::string_view letters = "kmgt";
    const size_t power = unit.empty() ? letters.npos : letters.find(unit[0]);
    const std::string rest = power == letters.npos ? unit : unit.substr(1);
    const bool known = rest.empty() || rest == "b" || (rest == "ib" && power != letters.npos);
    if (!number || !known) return std::nullopt;
    const int shift = power == letters.npos ? 0 : static_cast<int>(10 * (power + 1));
    if (*number > std::numeric_limits<int64_t>::max() >> shift) return std::nullopt;
    return *number << shift;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const size_t start = text.find_first_not_of(blanks);
        if (start == std::string_view::npos) return words;
        text.remove_prefix(start);
        const size_t end = std::min(text.find_first_of(blanks), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += separator;
        text += parts[i];
    }
    return text;
}

std::string_view trim(std::string_view text) {
    const size_t start = text.find_first_not_of(blanks);
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

}  // namespace sampan
