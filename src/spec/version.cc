#include "spec/version.h"

#include <vector>

#include "base/text.h"

namespace sampan::spec {

std::optional<Version> parse_version(std::string_view text) {
    const size_t suffix = text.find_first_of("-+");
    if (suffix != std::string_view::npos && suffix + 1 == text.size()) return std::nullopt;
    const std::vector<std::string_view> parts = split(text.substr(0, suffix), '.');
    if (parts.size() != 3) return std::nullopt;
    for (const std::string_view part : parts) {
        const bool zero_led = part.size() > 1 && part.front() == '0';
        if (zero_led || !parse_number<unsigned>(part)) return std::nullopt;
    }
    return Version{*parse_number<unsigned>(parts[0]), *parse_number<unsigned>(parts[1])};
}

}  // namespace sampan::spec
