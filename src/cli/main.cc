// From argv to an exit code.

#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/watch.h"
#include "host/host.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/out_of_memory.h"
#include "os/signals.h"
#include "spec/suggest.h"

#include "version.h"

namespace sampan {

namespace {

constexpr int failure = 1;

std::string usage() {
    std::string text =
        "sampan runs containers from OCI bundles.\n\n"
        "usage: sampan [global options] COMMAND [options] [arguments]\n\n"
        "An argument with a slash names a bundle (a folder with config.json) instead of an ID.\n\n"
        "commands:\n";
    for (const Command& command : commands())
        text += format("  {:<10} {}\n", command.name, command.summary);
    return text + "\nglobal options:\n" + describe_options(global_options());
}

std::string usage_of(const Command& command) {
    return format("{}\n\nusage: sampan {} [options] {}\n\noptions:\n{}", command.summary,
                  command.name, command.arguments, describe_options(command.options));
}

std::string version_text() {
    return format("sampan version {}\ncommit: {}\nspec: 1.3.0\n", version, commit);
}

const char* environment(const char* name) {
    const char* value = ::secure_getenv(name);
    return value == nullptr ? "" : value;
}

// The default folder of root belongs to the host's root. Root of a user namespace, such as that of
// rootless podman, cannot write there, and has a folder of its own.
Result<std::string> default_root() {
    const std::string runtime_dir = environment("XDG_RUNTIME_DIR");
    const bool has_own = !runtime_dir.empty() && (::geteuid() != 0 || TRY(in_user_namespace()));
    return has_own ? runtime_dir + "/sampan" : "/run/sampan";
}

Result<Globals> read_globals(const Parsed& parsed) {
    Globals globals;
    globals.root = parsed.has("root") ? parsed.text("root") : TRY(default_root());
    const std::string manager = parsed.text("cgroup-manager");
    if (parsed.has("systemd-cgroup") || manager == "systemd")
        globals.cgroup_manager = CgroupManager::systemd;
    if (manager == "disabled") globals.cgroup_manager = CgroupManager::disabled;
    if (!manager.empty() && manager != "disabled" && manager != "systemd" && manager != "cgroupfs")
        return failf(ErrorKind::usage,
                     "--cgroup-manager is cgroupfs, systemd or disabled, not \"{}\"", manager);
    if (globals.root.empty() || globals.root == "/")
        return failf(ErrorKind::usage, "--root cannot be \"{}\"", globals.root);
    return globals;
}

Status set_up_log(const Parsed& parsed, Reporter& reporter) {
    reporter.log = parsed.text("log");
    const std::string style = parsed.text("log-format");
    if (style == "json") reporter.format = LogFormat::json;
    if (!style.empty() && style != "json" && style != "text")
        return failf(ErrorKind::usage, "--log-format is text or json, not \"{}\"", style);
    const std::string level = parsed.has("debug") ? "debug" : parsed.text("log-level");
    constexpr std::array levels = {"", "error", "warning", "info", "debug"};
    if (std::ranges::find(levels, level) == levels.end())
        return failf(ErrorKind::usage, "--log-level is error, warning, info or debug, not \"{}\"",
                     level);
    reporter.tells_warnings = level != "error";
    reporter.tells_steps = level == "debug";
    return reporter.check_log();
}

Result<const Command*> find_command(const std::string& name) {
    std::vector<std::string_view> names;
    for (const Command& command : commands()) {
        if (name == command.name) return &command;
        names.emplace_back(command.name);
    }
    const auto near = suggest(name, names);
    return failf(ErrorKind::usage, "there is no command \"{}\"", name)
        .hint(near ? format("did you mean \"{}\"?", *near) : "");
}

Result<int> run_command(const Command& command,
                        std::vector<std::string> words,
                        const Globals& globals,
                        Reporter& reporter) {
    const auto parse = command.program_follows ? parse_leading_options : parse_options;
    const Parsed parsed = TRY(parse(command.options, std::move(words)).in(command.name));
    if (parsed.has("help")) {
        TRY(print(usage_of(command)));
        return 0;
    }
    const size_t count = parsed.arguments.size();
    if (count < command.least_arguments || count > command.most_arguments)
        return failf(ErrorKind::usage, "{}: {} arguments", command.name,
                     count < command.least_arguments ? "too few" : "too many")
            .hint(format("usage: sampan {} [options] {}", command.name, command.arguments));
    Invocation invocation{command.name, globals, parsed, reporter};
    Result<int> code = command.run(invocation);
    if (!code) reporter.error(code.error());
    end_watching(reporter);
    return code ? *code : command.failure;
}

Result<int> run(std::vector<std::string> words, Reporter& reporter) {
    const size_t front = leading_options(global_options(), words);
    const auto split_at = words.begin() + static_cast<ptrdiff_t>(front);
    const Parsed parsed = TRY(parse_options(global_options(), {words.begin(), split_at}));
    TRY(set_up_log(parsed, reporter));
    if (parsed.has("version")) {
        TRY(print(version_text()));
        return 0;
    }
    if (parsed.has("help") || (split_at != words.end() && *split_at == "help")) {
        TRY(print(usage()));
        return 0;
    }
    if (split_at == words.end())
        return failf(ErrorKind::usage, "a command is missing; see sampan --help");
    const Globals globals = TRY(read_globals(parsed));
    const Command* command = TRY(find_command(*split_at));
    return run_command(*command, {split_at + 1, words.end()}, globals, reporter);
}

// Our own descriptors must never become a program's standard input or output.
void fill_stdio() {
    for (int fd = 0; fd <= 2; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
        if (fd == STDOUT_FILENO) output_is_closed();
        (void)::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
    }
}

}  // namespace

}  // namespace sampan

int main(int argc, char** argv) {
    // The process is short-lived: memory that it gave back to the kernel would only be requested
    // again.
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
    sampan::tell_uncaught_exceptions();
    sampan::let_writes_fail();
    sampan::fill_stdio();
    sampan::keep_ended_children();
    sampan::Reporter reporter;
    const sampan::Result<int> code = sampan::or_out_of_memory(
        [&] { return sampan::run(std::vector<std::string>(argv + 1, argv + argc), reporter); });
    if (!code) reporter.error(code.error());
    sampan::end_as_interrupted();
    return code ? *code : sampan::failure;
}
