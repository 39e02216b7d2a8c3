// Checks of single values in field tables. Each is a named object with three forms of the same
// rule: a predicate, a sentence, and a fragment of JSON Schema.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sampan::spec {

struct Check {
    // "expected <sentence>, found ..."; a range has none: its sentence is made from the numbers.
    const char* sentence = nullptr;
    // Strings: the predicate, and the same as a regular expression of JSON Schema.
    bool (*holds)(std::string_view text) = nullptr;
    const char* pattern = nullptr;
    // For an empty string that counts as absent; null if the pattern accepts it anyway.
    const char* pattern_or_empty = nullptr;
    // Integers
    bool is_bytes = false;  // a size such as "64m" has a number of bytes
    bool has_range = false;
    int64_t low = 0;
    uint64_t high = 0;
    // Arrays: at least this many elements.
    size_t min_items = 0;
};

constexpr Check range(int64_t low, uint64_t high) {
    return {.has_range = true, .low = low, .high = high};
}

namespace check {

[[nodiscard]] bool is_absolute(std::string_view text);
[[nodiscard]] bool is_not_empty(std::string_view text);
[[nodiscard]] bool is_page_size(std::string_view text);
[[nodiscard]] bool is_id_list(std::string_view text);
[[nodiscard]] bool is_bandwidth(std::string_view text);
[[nodiscard]] bool is_one_line(std::string_view text);
[[nodiscard]] bool is_device_access(std::string_view text);
[[nodiscard]] bool is_capability(std::string_view text);

}  // namespace check

inline constexpr Check absolute_path{.sentence = "an absolute path",
                                     .holds = &check::is_absolute,
                                     .pattern = "^/",
                                     .pattern_or_empty = "^(/.*)?$"};
inline constexpr Check not_empty{
    .sentence = "a string that is not empty", .holds = &check::is_not_empty, .pattern = "."};
inline constexpr Check page_size{.sentence = "a size such as \"64KB\", \"2MB\" or \"1GB\"",
                                 .holds = &check::is_page_size,
                                 .pattern = "^[1-9][0-9]*[KMG]B$"};
inline constexpr Check id_list{.sentence = "a list of numbers and ranges such as \"0-3,7\"",
                               .holds = &check::is_id_list,
                               .pattern = "^[0-9, -]*$"};
inline constexpr Check bandwidth{.sentence = "one line that starts with \"MB:\"",
                                 .holds = &check::is_bandwidth,
                                 .pattern = "^MB:[^\\n]*$",
                                 .pattern_or_empty = "^(MB:[^\\n]*)?$"};
inline constexpr Check one_line{
    .sentence = "a single line", .holds = &check::is_one_line, .pattern = "^[^\\n]*$"};
inline constexpr Check device_access{
    .sentence = "letters of \"rwm\"", .holds = &check::is_device_access, .pattern = "^[rwm]*$"};
inline constexpr Check capability{.sentence = "a capability's name such as \"CAP_CHOWN\"",
                                  .holds = &check::is_capability,
                                  .pattern = "^CAP_[A-Z_]+$"};
inline constexpr Check bytes{.sentence = "a number of bytes", .is_bytes = true};
inline constexpr Check at_least_one{.sentence = "at least one element", .min_items = 1};
inline constexpr Check above_zero = range(1, INT64_MAX);
inline constexpr Check percent = range(0, 100);
inline constexpr Check oom_score = range(-1000, 1000);
inline constexpr Check io_priority_level = range(0, 7);
inline constexpr Check process_id = range(0, INT32_MAX);
inline constexpr Check nanoseconds = range(0, 999'999'999);

}  // namespace sampan::spec
