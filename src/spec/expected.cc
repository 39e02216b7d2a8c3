#include "spec/expected.h"

#include <cmath>
#include <ranges>
#include <vector>

#include "base/text.h"
#include "spec/locate.h"

namespace sampan::spec {

namespace {

// A wrong value is shown up to this length.
constexpr size_t max_shown = 60;
// A string that should be a list is shown up to this number of parts.
constexpr size_t most_parts = 8;

std::string describe_number(Json json) {
    if (const auto value = json.as_signed()) return format("{}", *value);
    if (const auto value = json.as_unsigned()) return format("{}", *value);
    const double number = json.number();
    const bool huge = number >= 9.2e18 || number <= -9.2e18;
    return huge ? "a number too large" : "a number with a fraction or an exponent";
}

std::string hint_for_integer(const Check* check, Json json) {
    const bool is_bytes = check != nullptr && check->is_bytes;
    if (json.kind() == JsonKind::string) {
        const std::string_view text = json.string();
        if (parse_number<int64_t>(text)) return format("write {} without quotes", text);
        const std::optional<int64_t> size = parse_bytes(text);
        return is_bytes && size ? format("write the number: {}", *size) : "";
    }
    if (json.kind() != JsonKind::number || json.as_signed() || json.as_unsigned()) return "";
    const double number = json.number();
    if (number != std::trunc(number))
        return is_bytes ? "bytes are counted whole: 64 MiB, for example, is 67108864" : "";
    const bool fits = number > -9e15 && number < 9e15;
    return fits ? format("write {}", static_cast<int64_t>(number)) : "";
}

// A command line, or options with commas between them, as elements of an array.
std::string as_list(std::string_view text) {
    std::vector<std::string_view> parts = split_words(text);
    if (parts.size() == 1) parts = split(text, ',');
    std::string list;
    for (const std::string_view part : parts | std::views::take(most_parts))
        list += format("{}{}", list.empty() ? "" : ", ", quoted(part));
    return parts.size() > most_parts ? list + ", ..." : list;
}

}  // namespace

std::string quoted(std::string_view text) {
    if (text.size() <= max_shown) return format("\"{}\"", escape_text(text));
    return format("\"{}...\"", escape_text(text.substr(0, max_shown)));
}

std::string describe(Json json) {
    switch (json.kind()) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return json.boolean() ? "true" : "false";
        case JsonKind::number:
            return describe_number(json);
        case JsonKind::string:
            return "a string";
        case JsonKind::array:
            return "an array";
        case JsonKind::object:
            return "an object";
    }
    return {};
}

std::string expected(const Type& type, const Check* check) {
    switch (type.kind) {
        case Kind::boolean:
            return "true or false";
        case Kind::integer: {
            if (check != nullptr && check->sentence != nullptr) return check->sentence;
            const IntegerRange range = range_of(type, check);
            if (range.low == INT64_MIN && range.high == INT64_MAX) return "an integer";
            return format("an integer from {} to {}", range.low, range.high);
        }
        case Kind::word:
        case Kind::string:
            return "a string";
        case Kind::array:
            return "an array";
        case Kind::object:
        case Kind::map:
            return "an object";
    }
    return {};
}

// A string in the place of a number is shown, because it may be one that only has quotes too many.
std::string found_instead(const Type& type, Json json) {
    const bool is_plain = type.kind == Kind::integer || type.kind == Kind::boolean;
    return is_plain && json.kind() == JsonKind::string ? quoted(json.string()) : describe(json);
}

// What to write instead of a value of another type.
std::string hint_for_type(const Type& type, const Check* check, Json json) {
    if (type.kind == Kind::integer) return hint_for_integer(check, json);
    const bool of_texts = type.kind == Kind::array && type.element->kind == Kind::string;
    // As other programs write their environment.
    if (of_texts && json.kind() == JsonKind::object && json.size() > 0 &&
        json.member(0).kind() == JsonKind::string)
        return format("write a list: [{}]",
                      quoted(format("{}={}", json.key(0), json.member(0).string())));
    if (json.kind() != JsonKind::string) return "";
    const std::string_view text = json.string();
    if (type.kind == Kind::boolean && (text == "true" || text == "false"))
        return format("write {} without quotes", text);
    return of_texts ? format("write a list: [{}]", as_list(text)) : "";
}

}  // namespace sampan::spec
