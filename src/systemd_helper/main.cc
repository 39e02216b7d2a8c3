// sampan-systemd: asks systemd for what sampan needs. It is a program of its own because libsystemd
// exists only as a shared library, which would make every start of sampan slower, even on hosts
// without systemd.
//
//    sampan-systemd [--user] start UNIT SUBGROUP [NAME TYPE VALUE]...
//    sampan-systemd [--user] set UNIT [NAME TYPE VALUE]...
//    sampan-systemd [--user] stop UNIT DESCRIPTION
//    sampan-systemd [--user] attach UNIT SUBGROUP PID
//
// The answer is one line on standard output: "ready", or, with exit code 1, a sentence that says
// what failed. `start` makes the scope with this process in it, and stays in it until its standard
// input ends or says "leave". Otherwise systemd would end the scope before the container's first
// process is in it; and when sampan is killed, the scope must end. A message "PID" there asks to
// move this process into the scope.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "systemd_helper/bus.h"

namespace sampan::systemd {

namespace {

void say(const std::string& line) {
    const std::string text = line + "\n";
    // If nobody listens any more, nobody needs the answer.
    if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(1);
}

std::vector<Property> read_properties(std::span<char*> words) {
    if (words.size() % 3 != 0) throw Failure{"a property is a name, a type and a value", ""};
    std::vector<Property> properties;
    for (size_t i = 0; i < words.size(); i += 3)
        properties.push_back({words[i], words[i + 1], words[i + 2]});
    return properties;
}

std::string read_text(const char* path) {
    const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    std::string text(4096, '\0');
    const ssize_t size = fd < 0 ? -1 : ::read(fd, text.data(), text.size());
    if (size < 0) throw Failure{format("reading {}: {}", path, errno_text(errno)), ""};
    text.resize(static_cast<size_t>(size));
    return text;
}

// Moves this process into a cgroup below that of the unit. The unit's cgroup then has no process of
// its own, and can give controllers to those below it.
void move_down(const std::string& subgroup) {
    const std::string text = read_text("/proc/self/cgroup");
    const std::optional<std::string> own = unified_path(text);
    if (!own) throw Failure{"this process is in no cgroup v2", ""};
    const std::string place = format("/sys/fs/cgroup{}/{}", *own, subgroup);
    if (::mkdir(place.c_str(), 0755) < 0 && errno != EEXIST)
        throw Failure{format("making the cgroup {}: {}", place, errno_text(errno)), ""};
    const int fd = ::open((place + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0 || ::write(fd, "0", 1) != 1)
        throw Failure{format("entering the cgroup {}: {}", place, errno_text(errno)), ""};
}

void attach(Manager& manager,
            const std::string& unit,
            const std::string& subgroup,
            std::string_view process) {
    const auto pid = parse_number<pid_t>(process);
    if (!pid) throw Failure{format("\"{}\" is no process", process), ""};
    manager.attach(unit, subgroup.empty() ? "" : "/" + subgroup, *pid);
}

void stay(Manager& manager, const std::string& unit, const std::string& subgroup) {
    char line[32];
    ssize_t size = 0;
    while ((size = ::read(STDIN_FILENO, line, sizeof line)) > 0) {
        const std::string_view text(line, static_cast<size_t>(size));
        if (text == "leave") return;
        attach(manager, unit, subgroup, text);
        say("ready");
    }
}

void run(std::span<char*> words) {
    const bool user = !words.empty() && std::string_view(words[0]) == "--user";
    if (user) words = words.subspan(1);
    if (words.size() < 2)
        throw Failure{"usage: sampan-systemd [--user] start|set|stop|attach UNIT ...", ""};
    const std::string command = words[0];
    const std::string unit = words[1];
    words = words.subspan(2);
    Manager manager(user);
    if (command == "start" && !words.empty()) {
        const std::string subgroup = words[0];
        manager.start_scope_of_any_systemd(unit, ::getpid(), read_properties(words.subspan(1)));
        if (!subgroup.empty()) move_down(subgroup);
        say("ready");
        return stay(manager, unit, subgroup);
    }
    if (command == "set") {
        manager.set_properties(unit, read_properties(words));
    } else if (command == "stop" && words.size() == 1) {
        // Otherwise the unit belongs to somebody else.
        if (manager.description(unit) == words[0]) manager.stop(unit);
    } else if (command == "attach" && words.size() == 2) {
        attach(manager, unit, words[0], words[1]);
    } else {
        throw Failure{format("there is no command {}", command), ""};
    }
    say("ready");
}

}  // namespace

}  // namespace sampan::systemd

int main(int argc, char** argv) {
    try {
        sampan::systemd::run(std::span(argv + 1, argv + argc));
        return 0;
    } catch (const sampan::systemd::Failure& failure) {
        sampan::systemd::say(failure.what);
        return 1;
    }
}
