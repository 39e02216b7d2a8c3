// What kind of failure an Error is. Code asks for it where one failure must be told from another;
// programs find its name as `code` in the JSON log.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sampan {

// The table in error_kind.cc says what each one means. Names and meanings never change; new kinds
// are added at the end.
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
// The kind with this number, which came through a socket; nothing if there is none.
std::optional<ErrorKind> error_kind(uint32_t number);

}  // namespace sampan
