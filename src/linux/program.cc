#include "linux/program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <unordered_set>

#include "base/text.h"
#include "linux/exec_failure.h"

namespace sampan {

namespace {

// 0, or the errno that execve(2) would give. It depends on the effective ids and capabilities,
// which are the container's.
int why_not_executable(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) < 0) return errno;
    if (S_ISDIR(info.st_mode)) return EISDIR;
    if (!S_ISREG(info.st_mode)) return EACCES;
    return ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) < 0 ? errno : 0;
}

std::string absolute(std::string_view path, std::string_view working_dir) {
    if (path.starts_with('/')) return std::string(path);
    std::string whole(working_dir);
    if (!whole.ends_with('/')) whole += '/';
    return whole.append(path);
}

Failure cannot_execute(const std::string& name, int code) {
    // execve(2) itself gives EACCES for a folder; clients look for it.
    const std::string_view more = code == EISDIR ? ": permission denied" : "";
    return failf(exec_kind(code), "exec: \"{}\": {}{}", name, exec_reason(code), more);
}

}  // namespace

Result<std::string> find_program(const std::string& name,
                                 std::string_view path,
                                 std::string_view working_dir) {
    if (name.empty()) return cannot_execute(name, ENOENT);
    if (name.find('/') != std::string::npos) {
        std::string whole = absolute(name, working_dir);
        const int code = why_not_executable(whole);
        if (code != 0) return cannot_execute(name, code);
        return whole;
    }
    bool forbidden = false;
    for (const std::string_view folder : split(path.empty() ? default_path : path, ':')) {
        std::string whole = absolute(folder, working_dir);
        if (!whole.ends_with('/')) whole += '/';
        whole += name;
        const int code = why_not_executable(whole);
        if (code == 0) return whole;
        // Like execvp(3): goes on, and reports it only if nothing else is found.
        if (code == EACCES) forbidden = true;
    }
    if (forbidden) return cannot_execute(name, EACCES);
    return failf(ErrorKind::program_not_found, "exec: \"{}\": executable file not found in $PATH",
                 name);
}

bool is_forbidden(const std::string& name, std::string_view working_dir) {
    const int code = why_not_executable(absolute(name, working_dir));
    return code == EACCES || code == EISDIR;
}

std::vector<std::string> last_of_each(const std::vector<std::string>& env) {
    std::unordered_set<std::string_view> names;
    std::vector<std::string> kept;
    kept.reserve(env.size());
    for (auto entry = env.rbegin(); entry != env.rend(); ++entry) {
        const std::string_view text = *entry;
        if (names.insert(text.substr(0, text.find('='))).second) kept.push_back(*entry);
    }
    std::ranges::reverse(kept);
    return kept;
}

std::string_view find_variable(const std::vector<std::string>& env, std::string_view name) {
    for (auto entry = env.rbegin(); entry != env.rend(); ++entry) {
        const std::string_view text = *entry;
        if (text.starts_with(name) && text.substr(name.size()).starts_with('='))
            return text.substr(name.size() + 1);
    }
    return {};
}

}  // namespace sampan
