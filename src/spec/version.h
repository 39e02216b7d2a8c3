// ociVersion, a semantic version: "1.3.0", "1.0.2-dev", "1.2.0+build".
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace sampan::spec {

struct Version {
    unsigned major = 0;
    unsigned minor = 0;
    auto operator<=>(const Version&) const = default;
};

// Nothing for other texts.
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

}  // namespace sampan::spec
