#include "cli/interval.h"

#include <array>

#include "base/text.h"

namespace sampan {

namespace {

struct DurationUnit {
    std::string_view name;
    int64_t milliseconds;
};
// "ms" before "m" and "s".
constexpr std::array duration_units{DurationUnit{"ms", 1}, DurationUnit{"s", 1000},
                                    DurationUnit{"m", 60'000}, DurationUnit{"h", 3'600'000}};
constexpr int64_t longest_ms = 86'400'000;

// Takes "5s" from the front of the text.
std::optional<int64_t> take_part(std::string_view& text) {
    const size_t end = text.find_first_not_of("0123456789");
    const std::optional<int64_t> number = parse_number<int64_t>(text.substr(0, end));
    if (!number || *number > longest_ms || end == std::string_view::npos) return std::nullopt;
    text.remove_prefix(end);
    for (const DurationUnit& unit : duration_units) {
        if (!text.starts_with(unit.name)) continue;
        text.remove_prefix(unit.name.size());
        return *number * unit.milliseconds;
    }
    return std::nullopt;
}

}  // namespace

std::optional<int> parse_duration_ms(std::string_view text) {
    int64_t sum = 0;
    if (const std::optional<int64_t> seconds = parse_number<int64_t>(text)) {
        if (*seconds < 1 || *seconds > longest_ms) return std::nullopt;
        sum = *seconds * 1000;
        text = {};
    } else if (text.empty()) {
        return std::nullopt;
    }
    while (!text.empty()) {
        const std::optional<int64_t> part = take_part(text);
        if (!part) return std::nullopt;
        sum += *part;
    }
    if (sum < 1 || sum > longest_ms) return std::nullopt;
    return static_cast<int>(sum);
}

Result<int> read_interval_ms(const Parsed& parsed, int usual_ms) {
    if (!parsed.has("interval")) return usual_ms;
    const std::string text = parsed.text("interval");
    const std::optional<int> interval = parse_duration_ms(text);
    if (!interval)
        return failf(ErrorKind::usage,
                     "--interval takes a time such as 500ms, 5s or 1m30s, not \"{}\"", text);
    return *interval;
}

}  // namespace sampan
