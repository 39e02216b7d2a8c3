// "Did you mean": the known word nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sampan {

// The nearest of `known`, if near enough to be meant: other case, few letters different, or the
// word's beginning or end (an ALLOW for SCMP_ACT_ALLOW).
[[nodiscard]] std::optional<std::string_view> suggest(std::string_view typed,
                                                      std::span<const std::string_view> known);
// The sentence, or "" where nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view typed,
                                       std::span<const std::string_view> known);

}  // namespace sampan
