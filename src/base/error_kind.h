// What kind of failure an Error is: for code that must tell one from another, and for programs,
// which find its name as `code` in the JSON log.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sampan {

// What each means stands in the table of error_kind.cc. Names and meanings stay as they are; new
// kinds are added at the end.
enum class ErrorKind : uint8_t {
    failed,
    usage,
    config,
    not_found,
    already_exists,
    not_running,
    wrong_status,
    hook_failed,
    program_not_found,
    not_executable,
    ended_early,
    hung_up,
    out_of_memory,
    timed_out,
    interrupted,
    last = interrupted,
};

// "not_found": the enumerator's own name.
std::string_view name_of(ErrorKind kind);
// The kind that came as a number through a socket; nothing where there is none.
std::optional<ErrorKind> error_kind(uint32_t number);

}  // namespace sampan
