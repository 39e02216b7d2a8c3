#include "base/error_kind.h"

#include <array>
#include <cstddef>
#include <utility>

namespace sampan {

namespace {

struct KindFacts {
    ErrorKind kind;
    std::string_view name;
    std::string_view meaning;
    std::string_view exit_code;  // empty: that of the command
    std::string_view example;    // `msg` of a record of the log
};

constexpr size_t kind_count = std::to_underlying(ErrorKind::last) + 1;

// docs/errors.md has this table (tests/lint/error-kinds writes it), and the examples are the errors
// of real containers (tests/conformance/error-codes.sh). In an example, … stands for more text.
constexpr std::array<KindFacts, kind_count> table{{
    {.kind = ErrorKind::failed,
     .name = "failed",
     .meaning =
         "no other kind fits: mostly a system call failed, for the reason at the end of the line",
     .example = "creating container web: bind /no/such/folder on /data (bind): copying the mount "
                "at /no/such/folder: No such file or directory"},
    {.kind = ErrorKind::usage,
     .name = "usage",
     .meaning = "the command line is wrong",
     .example = "unknown option --bundel for create"},
    {.kind = ErrorKind::config,
     .name = "config",
     .meaning =
         "config.json, or a file given instead of it, cannot be read, breaks a rule, or asks "
         "for something that is not possible here",
     .example = "/bundles/web/config.json is not valid; /process/cwd: expected an absolute path, "
                "found \"relative\""},
    {.kind = ErrorKind::not_found,
     .name = "not_found",
     .meaning = "there is no such container",
     .example = "container does not exist: web"},
    {.kind = ErrorKind::already_exists,
     .name = "already_exists",
     .meaning = "the ID is in use, or the file that would be written exists",
     .example = "creating container web: container with given ID already exists: web"},
    {.kind = ErrorKind::not_running,
     .name = "not_running",
     .meaning = "the container has no process left on which the command could act",
     .example = "signalling container web: container not running"},
    {.kind = ErrorKind::wrong_status,
     .name = "wrong_status",
     .meaning = "the command is not allowed in the status that the container has",
     .example = "starting container web: cannot start an already running container"},
    {.kind = ErrorKind::hook_failed,
     .name = "hook_failed",
     .meaning = "a hook ended with another exit code than 0, or not in time",
     .example = "creating container web: error running createRuntime hook #0: /bin/sh exited with "
                "3 after 4 ms; "
                "its output: oops"},
    {.kind = ErrorKind::program_not_found,
     .name = "program_not_found",
     .meaning = "the program of `process.args` does not exist",
     .example = "creating container web: exec: \"/no/such/program\": no such file or directory"},
    {.kind = ErrorKind::not_executable,
     .name = "not_executable",
     .meaning = "the program exists but cannot be executed",
     .example = "creating container web: exec: \"/bin\": permission denied: /bin is a directory"},
    {.kind = ErrorKind::ended_early,
     .name = "ended_early",
     .meaning = "a process of sampan ended before the program ran, and could not say why",
     .example = "starting container web: the container's process was killed by SIGSYS before its "
                "program was executed"},
    {.kind = ErrorKind::hung_up,
     .name = "hung_up",
     .meaning = "the other end of a pipe or socket is closed",
     .example = "standard output: writing: Broken pipe"},
    {.kind = ErrorKind::out_of_memory,
     .name = "out_of_memory",
     .meaning = "no memory was left for sampan, or for the container before its program ran",
     .example = "creating container web: container init was OOM-killed (memory limit too low?)…"},
    {.kind = ErrorKind::timed_out,
     .name = "timed_out",
     .meaning = "something did not happen within the time that sampan waits for it",
     .example = "pausing container web: waiting for another operation on the container: Connection "
                "timed out"},
    {.kind = ErrorKind::interrupted,
     .name = "interrupted",
     .meaning = "SIGTERM, SIGINT or SIGHUP ended the command, which has undone what it made",
     .exit_code = "128 + the signal's number",
     .example = "creating container web: interrupted by SIGTERM"},
}};

// The only part of the table that the program itself uses.
constexpr std::array<std::string_view, kind_count> names = [] {
    std::array<std::string_view, kind_count> result;
    for (const KindFacts& facts : table)
        result[std::to_underlying(facts.kind)] = facts.name;
    return result;
}();

}  // namespace

std::string_view name_of(ErrorKind kind) {
    return names[std::to_underlying(kind)];
}

std::optional<ErrorKind> error_kind(uint32_t number) {
    if (number >= kind_count) return std::nullopt;
    return static_cast<ErrorKind>(number);
}

}  // namespace sampan
