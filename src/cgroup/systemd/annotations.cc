#include "cgroup/systemd/annotations.h"

#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "spec/annotations.h"
#include "spec/json.h"

namespace sampan {

namespace {

// 'text' or "text"; no escapes, and no quotes inside.
std::optional<std::string> parse_quoted(std::string_view text) {
    text = trim(text);
    if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
    if (text.front() != '\'' && text.front() != '"') return std::nullopt;
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (inner.find_first_of("'\"\\\n") != std::string_view::npos) return std::nullopt;
    return std::string(inner);
}

struct Typed {
    std::string type;
    std::string value;
};

template <std::integral T>
std::optional<Typed> number_of(std::string_view text, const char* type) {
    const auto number = parse_number<T>(text);
    if (!number) return std::nullopt;
    return Typed{type, format("{}", *number)};
}

std::optional<Typed> parse_number_text(std::string_view text) {
    const std::vector<std::string_view> words = split_words(text);
    if (words.size() == 1) return number_of<int32_t>(words[0], "i");
    if (words.size() != 2) return std::nullopt;
    if (words[0] == "int32") return number_of<int32_t>(words[1], "i");
    if (words[0] == "uint32") return number_of<uint32_t>(words[1], "u");
    if (words[0] == "int64") return number_of<int64_t>(words[1], "x");
    if (words[0] == "uint64") return number_of<uint64_t>(words[1], "t");
    return std::nullopt;
}

std::optional<Typed> parse_list(std::string_view text) {
    text = trim(text.substr(1, text.size() - 2));
    Typed list{"as", ""};
    if (text.empty()) return list;
    for (const std::string_view part : split(text, ',')) {
        const std::optional<std::string> item = parse_quoted(part);
        if (!item) return std::nullopt;
        list.value += (list.value.empty() ? "" : "\n") + *item;
    }
    return list;
}

std::optional<Typed> parse_value(std::string_view text) {
    text = trim(text);
    if (text == "true" || text == "false") return Typed{"b", text == "true" ? "1" : "0"};
    if (text.starts_with('[') && text.ends_with(']')) return parse_list(text);
    if (std::optional<std::string> quoted = parse_quoted(text)) return Typed{"s", *quoted};
    return parse_number_text(text);
}

// TimeoutStopSec, in seconds, is called TimeoutStopUSec on the bus.
void seconds_to_microseconds(std::string& name, Typed& value) {
    if (!name.ends_with("Sec") || name.ends_with("USec") || value.type == "s") return;
    const auto seconds = parse_number<uint64_t>(value.value);
    constexpr uint64_t million = 1000000;
    if (!seconds || *seconds > UINT64_MAX / million) return;
    name.insert(name.size() - 3, "U");
    value = {"t", format("{}", *seconds * million)};
}

Result<UnitProperty> read_property(std::string name, std::string_view text) {
    std::optional<Typed> value = parse_value(text);
    if (name.empty() || !value)
        return failf(
            "\"{}\" is not a value of a systemd property: true, 'text', 5, uint64 5 or "
            "['a', 'b'] is",
            text);
    seconds_to_microseconds(name, *value);
    return UnitProperty{std::move(name), std::move(value->type), std::move(value->value), ""};
}

Status check_subgroup(std::string_view name) {
    if (!name.empty() && name != "." && name != ".." &&
        name.find_first_of(std::string_view("/\n\0", 3)) == std::string_view::npos)
        return {};
    return failf("\"{}\" is not the name of a cgroup", name);
}

}  // namespace

Status read_unit_annotations(const std::map<std::string, std::string>& annotations,
                             SystemdUnit& unit) {
    for (const auto& [key, value] : annotations) {
        const std::string origin = "/annotations" + pointer_part(key);
        if (key == spec::systemd_subgroup && !value.empty()) {
            TRY(check_subgroup(value).at(origin));
            unit.subgroup = value;
        }
        if (!key.starts_with(spec::systemd_property)) continue;
        UnitProperty property =
            TRY(read_property(key.substr(spec::systemd_property.size()), value).at(origin));
        property.origin = origin;
        unit.properties.push_back(std::move(property));
    }
    return {};
}

}  // namespace sampan
