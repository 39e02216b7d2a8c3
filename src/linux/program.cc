#include "linux/program.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ranges>
#include <unordered_set>

#include "base/text.h"
#include "linux/exec_failure.h"
#include "spec/suggest.h"

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

// PATH, the folders and the names are the container's, and may be any number.
constexpr size_t most_folders = 32;
constexpr size_t most_names = 4096;
constexpr size_t most_shown = 400;

// The names in the folders in which it was looked for.
std::vector<std::string> list_names(const LookedFor& program, const ListFolder& list) {
    std::vector<std::string> names;
    for (const std::string& path : candidate_paths(program.name, program.path, program.cwd) |
                                       std::views::take(most_folders)) {
        if (names.size() >= most_names) break;
        const std::string folder = path.substr(0, std::max<size_t>(1, path.rfind('/')));
        for (std::string& name : list(folder, most_names - names.size()))
            names.push_back(std::move(name));
    }
    return names;
}

std::string shown_path(std::string_view path) {
    return path.size() <= most_shown ? std::string(path)
                                     : format("{}...", path.substr(0, most_shown));
}

// "sh -c date" is a program and its arguments, written as one string.
std::string hint_for_words(const std::string& name, const std::vector<std::string>& known) {
    const std::vector<std::string_view> words = split_words(name);
    if (words.size() < 2) return "";
    const std::string_view first = words[0].substr(words[0].rfind('/') + 1);
    if (std::ranges::find(known, first) == known.end()) return "";
    std::string list;
    for (const std::string_view word : words)
        list += format("{}\"{}\"", list.empty() ? "" : ", ", word);
    return format("each argument is a string of its own: [{}]", list);
}

std::string hint_for_name(const std::string& name, std::vector<std::string> known) {
    // The nearest does not depend on the order of a folder.
    std::ranges::sort(known);
    const size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
    const std::vector<std::string_view> names(known.begin(), known.end());
    if (std::string words = hint_for_words(name, known); !words.empty()) return words;
    const auto near = suggest(name.substr(folder.size()), names);
    return near ? format("did you mean \"{}{}\"?", folder, *near) : "";
}

}  // namespace

std::vector<std::string> candidate_paths(const std::string& name,
                                         std::string_view path,
                                         std::string_view working_dir) {
    // No file has a longer name, and thousands of paths with it would fill the memory.
    if (name.contains('/') || name.size() > NAME_MAX) return {absolute(name, working_dir)};
    std::vector<std::string> paths;
    std::unordered_set<std::string_view> seen;
    for (const std::string_view folder : split(path.empty() ? default_path : path, ':')) {
        if (!seen.insert(folder).second) continue;
        std::string whole = absolute(folder, working_dir);
        if (!whole.ends_with('/')) whole += '/';
        paths.push_back(whole + name);
    }
    return paths;
}

std::string hint_for_missing(const LookedFor& program, const ListFolder& list) {
    const bool in_path = !program.name.contains('/');
    std::string place;
    if (in_path)
        place = program.path.empty()
                    ? format("PATH is not set: it was looked for in {}", default_path)
                    : format("PATH is {}", shown_path(program.path));
    if (!program.root.empty())
        place += format("{}the container's root is {}", in_path ? ", " : "", program.root);
    const std::string name = hint_for_name(program.name, list_names(program, list));
    if (name.empty() || place.empty()) return name + place;
    return format("{}{} {}", name, name.ends_with('?') ? "" : ";", place);
}

Result<std::string> find_program(const std::string& name,
                                 std::string_view path,
                                 std::string_view working_dir) {
    if (name.empty()) return cannot_execute(name, ENOENT);
    if (name.contains('/')) {
        std::string whole = absolute(name, working_dir);
        const int code = why_not_executable(whole);
        if (code != 0) return cannot_execute(name, code);
        return whole;
    }
    bool forbidden = false;
    for (std::string& whole : candidate_paths(name, path, working_dir)) {
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
