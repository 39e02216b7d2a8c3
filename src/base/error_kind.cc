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
    std::string_view exit_code = "";  // that of the command
    std::string_view example;         // what a record of the log has as `msg`
};

constexpr size_t kind_count = std::to_underlying(ErrorKind::last) + 1;

// docs/errors.md has this table (tests/lint/error-kinds writes it), and the examples are the errors
// of real containers (tests/conformance/error-codes.sh). In an example, … stands for more text.
constexpr std::array<KindFacts, kind_count> table{{
    {.kind = ErrorKind::failed,
     .name = "failed",
     .meaning =
         "none of the others: mostly a call of the kernel, for the reason at the end of the line",
     .example = "creating container web: bind /no/such/folder on /data (bind): copying the mount "
                "at /no/such/folder: No such file or directory"},
    {.kind = ErrorKind::usage,
     .name = "usage",
     .meaning = "the command line is wrong",
     .example = "create: too many arguments"},
    {.kind = ErrorKind::config,
     .name = "config",
     .meaning = "config.json, or a file given in its place, cannot be read, breaks a rule, or asks "
                "for what cannot be had here",
     .example = "/bundles/web/config.json is not valid; /process/cwd: expected an absolute path, "
                "found \"relative\""},
    {.kind = ErrorKind::not_found,
     .name = "not_found",
     .meaning = "there is no such container",
     .example = "container does not exist: web"},
    {.kind = ErrorKind::already_exists,
     .name = "already_exists",
     .meaning = "the ID, or the file that is to be written, is there already",
     .example = "creating container web: container with given ID already exists: web"},
    {.kind = ErrorKind::not_running,
     .name = "not_running",
     .meaning = "the container has no process any more that the command could work on",
     .example = "signalling container web: container not running"},
    {.kind = ErrorKind::wrong_status,
     .name = "wrong_status",
     .meaning = "the status of the container does not allow it",
     .example = "starting container web: cannot start an already running container"},
    {.kind = ErrorKind::hook_failed,
     .name = "hook_failed",
     .meaning = "a hook did not end with 0 in time",
     .example = "creating container web: createRuntime hook 0 (/bin/sh) exited with 3 after 4 ms; "
                "its output: oops"},
    {.kind = ErrorKind::program_not_found,
     .name = "program_not_found",
     .meaning = "the program of `process.args` is not there",
     .example = "creating container web: exec: \"/no/such/program\": no such file or directory"},
    {.kind = ErrorKind::not_executable,
     .name = "not_executable",
     .meaning = "the program is there and cannot be executed",
     .example = "creating container web: exec: \"/bin\": permission denied: /bin is a directory"},
    {.kind = ErrorKind::ended_early,
     .name = "ended_early",
     .meaning = "a process on the way to the program ended, and could not say why",
     .example = "starting container web: the container's process was killed by SIGSYS before its "
                "program was executed"},
    {.kind = ErrorKind::hung_up,
     .name = "hung_up",
     .meaning = "the other end of a pipe or socket is closed",
     .example = "standard output: writing: Broken pipe"},
    {.kind = ErrorKind::out_of_memory,
     .name = "out_of_memory",
     .meaning = "sampan, or the container before its program ran, got no more memory",
     .example = "creating container web: container init was OOM-killed (memory limit too low?)…"},
    {.kind = ErrorKind::timed_out,
     .name = "timed_out",
     .meaning = "what is waited for with a limit did not come",
     .example = "pausing container web: waiting for another operation on the container: Connection "
                "timed out"},
    {.kind = ErrorKind::interrupted,
     .name = "interrupted",
     .meaning = "SIGTERM, SIGINT or SIGHUP ended the command, which has undone what it made",
     .exit_code = "128 + the signal's number",
     .example = "creating container web: interrupted by SIGTERM"},
}};

// All that the program needs of it.
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
