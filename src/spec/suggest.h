// "Did you mean": the known word nearest to a mistyped one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sampan {

// The nearest of `known`, if it is near enough to be meant: another case, a few different letters,
// or only the beginning or end of the word (ALLOW for SCMP_ACT_ALLOW).
[[nodiscard]] std::optional<std::string_view> suggest(std::string_view typed,
                                                      std::span<const std::string_view> known);
// The sentence, or "" if no word is near.
[[nodiscard]] std::string did_you_mean(std::string_view typed,
                                       std::span<const std::string_view> known);

}  // namespace sampan
