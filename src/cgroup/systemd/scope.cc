#include "cgroup/systemd/scope.h"

#include <unistd.h>

#include <algorithm>
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

// The beginnings are those of the helper (systemd_helper/bus.cc).
std::string hint_for(std::string_view failure) {
    if (failure.starts_with("connecting to the bus of the user's systemd"))
        return format(
            "your own systemd must run: log in as this user instead of by su or sudo, or as root: "
            "loginctl enable-linger {0}; and set XDG_RUNTIME_DIR=/run/user/{0}",
            ::geteuid());
    if (failure.starts_with("connecting to systemd's bus"))
        return "without --systemd-cgroup systemd is not needed";
    return "";
}

Status check_answer(std::string_view text) {
    text = trim(text);
    if (text == ready) return {};
    if (text.empty()) return failf("{} ended without an answer", tool_name);
    return fail(std::string(text)).hint(hint_for(text));
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

// The unit's own cgroup, in which the helper is: the path below the mount point, which shows the
// whole tree.
Result<std::string> cgroup_of(pid_t helper, const std::string& unit) {
    const std::string text = TRY(read_file(cwd, format("/proc/{}/cgroup", helper)));
    for (const ProcCgroup& one : parse_proc_cgroup(text)) {
        if (!one.controllers.empty() && one.controllers != "name=systemd") continue;
        const size_t end = end_of_unit(one.path, unit);
        if (end != std::string_view::npos) return std::string(one.path.substr(0, end));
    }
    return failf("systemd has not put process {} into the unit {}", helper, unit);
}

}  // namespace

Result<std::string> find_systemd_helper() {
    if (std::optional<std::string> path = TRY(find_own_tool(tool_name, LIBEXEC_DIR))) return *path;
    return failf("{} is not installed", tool_name)
        .hint("the systemd cgroup manager needs it: build with libsystemd (-Dsystemd=enabled)");
}

Status StartedUnit::move_helper(const std::string& directory) const {
    return write_file(cwd, directory + "/cgroup.procs", format("{}", helper_.process.pid()));
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
    words.push_back(unit.only_v2 ? unit.subgroup : "");
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
    started.path_ = TRY(cgroup_of(started.helper_.process.pid(), unit.name));
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
    const size_t end = std::min(end_of_unit(path, unit.name), path.size());
    std::vector<std::string> words = words_for(unit.user, "attach", unit.name);
    words.emplace_back(end == path.size() ? "" : path.substr(end + 1));
    words.push_back(format("{}", pid));
    return ask(unit.user, words);
}

Status stop_unit(const UnitRecord& unit) {
    std::vector<std::string> words = words_for(unit.user, "stop", unit.name);
    words.push_back(unit.description);
    return ask(unit.user, words);
}

}  // namespace sampan
