#include "cgroup/systemd/scope.h"

#include <unistd.h>

#include <cerrno>
#include <span>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/socket.h"

namespace sampan {

namespace {

constexpr const char* tool_name = "sampan-systemd";
constexpr std::string_view ready = "ready";
constexpr std::string_view leave_word = "leave";

std::vector<std::string> words_for(bool user, const char* command, const std::string& unit) {
    std::vector<std::string> words{tool_name};
    if (user) words.emplace_back("--user");
    words.emplace_back(command);
    words.push_back(unit);
    return words;
}

void add(std::vector<std::string>& words, const UnitProperty& property) {
    words.push_back(property.name);
    words.push_back(property.type);
    words.push_back(property.value);
}

// The environment has the address of the user's bus; the system's bus has a fixed address.
char* const* environment_for(bool user) {
    static char* none[] = {nullptr};
    return user ? environ : none;
}

Status check_answer(std::string_view text) {
    text = trim(text);
    if (text == ready) return {};
    return fail(text.empty() ? format("{} ended without an answer", tool_name) : std::string(text));
}

Status ask(bool user, const std::vector<std::string>& words) {
    constexpr size_t limit = 64 << 10;
    const ToolOutput answer = TRY(run_tool(TRY(find_systemd_helper()), words, environment_for(user),
                                           ToolErrors::shown, limit));
    return check_answer(answer.text);
}

// An answer is one message.
Status hear(int fd) {
    char line[4096];
    ssize_t size = 0;
    do {
        size = ::read(fd, line, sizeof line);
    } while (size < 0 && is_to_be_repeated());
    if (size < 0) return fail_errno("reading the answer of {}", tool_name);
    return check_answer({line, static_cast<size_t>(size)});
}

Status say(int fd, std::string_view word) {
    return send_message(fd, std::as_bytes(std::span(word)));
}

// The path below the mount point, which shows the whole tree.
Result<std::string> cgroup_of(pid_t pid) {
    const std::string text = TRY(read_file(cwd, format("/proc/{}/cgroup", pid)));
    if (std::optional<std::string> path = unified_path(text)) return std::move(*path);
    return failf("process {} is in no cgroup v2", pid);
}

}  // namespace

Result<std::string> find_systemd_helper() {
    if (std::optional<std::string> path = TRY(find_own_tool(tool_name, LIBEXEC_DIR))) return *path;
    return failf("{} is not installed", tool_name)
        .hint("the systemd cgroup manager needs it: build with libsystemd (-Dsystemd=enabled)");
}

Status StartedUnit::attach(pid_t pid) {
    TRY(say(helper_.channel.get(), format("{}", pid)));
    return hear(helper_.channel.get());
}

Status StartedUnit::leave() {
    if (helper_.process.pid() <= 0) return {};
    // It is not enough to close the channel, because init has a copy of it. If the helper cannot be
    // told (it has already ended, or the call failed), it is killed instead of waited for.
    if (say(helper_.channel.get(), leave_word)) {
        TRY(helper_.process.wait());
    } else {
        helper_ = {};
    }
    return {};
}

Result<StartedUnit> start_unit(const SystemdUnit& unit, const std::string& description) {
    std::vector<std::string> words = words_for(unit.user, "start", unit.name);
    words.push_back(unit.subgroup);
    const UnitProperty always[] = {
        {"Description", "s", description, ""},
        {"Slice", "s", unit.slice, ""},
        // The tree below belongs to the container: systemd does not touch it.
        {"Delegate", "b", "1", ""},
        // A container may have to outlive units that a shutdown stops, and needs no unit before it.
        {"DefaultDependencies", "b", "0", ""},
        // Its name becomes free again even if it failed.
        {"CollectMode", "s", "inactive-or-failed", ""},
    };
    for (const UnitProperty& property : always)
        add(words, property);
    for (const UnitProperty& property : unit.properties)
        add(words, property);
    StartedUnit started;
    started.helper_ =
        TRY(start_tool(TRY(find_systemd_helper()), words, environment_for(unit.user)));
    TRY(hear(started.helper_.channel.get()));
    started.path_ = TRY(cgroup_of(started.helper_.process.pid()));
    return started;
}

Status set_unit_properties(const UnitRecord& unit, const std::vector<UnitProperty>& properties) {
    if (properties.empty()) return {};
    std::vector<std::string> words = words_for(unit.user, "set", unit.name);
    for (const UnitProperty& property : properties)
        add(words, property);
    return ask(unit.user, words);
}

Status attach_to_unit(const UnitRecord& unit, std::string_view path, pid_t pid) {
    const std::string own = format("/{}/", unit.name);
    const size_t below = path.rfind(own);
    std::vector<std::string> words = words_for(unit.user, "attach", unit.name);
    words.emplace_back(below == std::string_view::npos ? "" : path.substr(below + own.size()));
    words.push_back(format("{}", pid));
    return ask(unit.user, words);
}

Status stop_unit(const UnitRecord& unit) {
    std::vector<std::string> words = words_for(unit.user, "stop", unit.name);
    words.push_back(unit.description);
    return ask(unit.user, words);
}

}  // namespace sampan
