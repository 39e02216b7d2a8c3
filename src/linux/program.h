// Finds the program of process.args (config.md#process: by the rules of execvp).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The path for execve(2) of args[0], which is `name`. Init calls it inside the container's root,
// with the effective user, groups and capabilities of the container. A name with a slash is
// relative to the working directory. A name without one is looked for in `path` (the value of PATH
// in process.env; an empty part means the working directory); directories, and files that may not
// be executed, are skipped. `cwd` is an absolute path, used only if the result has relative parts.
// Clients look for these errors:
//
//   exec: "NAME": executable file not found in $PATH
//   exec: "NAME": no such file or directory | permission denied | is a directory
Result<std::string> find_program(const std::string& name,
                                 std::string_view path,
                                 std::string_view cwd);
// Where it is looked for, in this order and once, as absolute paths.
std::vector<std::string> candidate_paths(const std::string& name,
                                         std::string_view path,
                                         std::string_view cwd);
// Whether a name with a slash was not accepted because of permissions (EACCES) or because it is a
// folder. execve(2) only says EACCES, which has many reasons. To be called under the same
// conditions as find_program().
bool is_forbidden(const std::string& name, std::string_view cwd);

// What to do about a program that is not there: a name that may have been meant, or the arguments
// that stand in it, and where it was looked for. `root` is the container's root on the host, for
// people; "" if it is not known. `list` gives up to `most` names in a folder of the container, in
// any order; it is asked for the first 32 folders of PATH, and for 4096 names in all.
using ListFolder = std::function<std::vector<std::string>(const std::string& folder, size_t most)>;
struct LookedFor {
    std::string name;
    std::string path;  // PATH
    std::string cwd;
    std::string root;
};
std::string hint_for_missing(const LookedFor& program, const ListFolder& list);

// The value of the last NAME=... in `env`; "" if there is none.
std::string_view find_variable(const std::vector<std::string>& env, std::string_view name);

// Keeps only the last one, at its place, of variables that are given more than once: programs
// disagree about which of them counts (getenv(3) finds the first, shells keep the last). Pure.
std::vector<std::string> last_of_each(const std::vector<std::string>& env);

// Where execvp(3) looks if there is no PATH.
inline constexpr std::string_view default_path =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace sampan
