// The program of process.args (config.md#process: the rules of execvp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The path to give to execve(2) for args[0] `name`. Called by init inside the container's root,
// with the container's user, groups and capabilities as the effective ones: a name with a slash
// counts from the working directory; one without is looked for in `path` (the value of PATH of
// process.env; empty parts are the working directory), and directories and files that may not be
// executed are passed over. `cwd` is an absolute path, used for relative parts of the result only.
// Errors are those which clients look for, of the form
//   exec: "NAME": executable file not found in $PATH
//   exec: "NAME": no such file or directory | permission denied | is a directory
Result<std::string> find_program(const std::string& name,
                                 std::string_view path,
                                 std::string_view cwd);

// Value of the last NAME=... in `env`; "" when there is none.
std::string_view find_variable(const std::vector<std::string>& env, std::string_view name);

// Of variables that are given more than once the last, at its place: programs disagree about which
// one counts (getenv(3) finds the first, shells keep the last). Pure.
std::vector<std::string> last_of_each(const std::vector<std::string>& env);

// Where execvp(3) looks when there is no PATH.
inline constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace sampan
