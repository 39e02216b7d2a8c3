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
#include "cli/help.h"
#include "cli/output.h"
#include "cli/watch.h"
#include "cli/wrong_line.h"
#include "host/host.h"
#include "linux/seccomp.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/out_of_memory.h"
#include "os/signals.h"

#include "version.h"

namespace sampan {

namespace {

constexpr int failure = 1;

std::string version_text() {
    // Of the form of crun, whose callers look into the line that begins with a plus sign.
    return format(
        "sampan version {}\ncommit: {}\nspec: 1.3.0\nlibseccomp: {}\n"
        "{}+SELINUX +APPARMOR +CAP +SECCOMP +EBPF +CRIU\n",
        version, commit, seccomp_library_version(), WITH_SYSTEMD != 0 ? "+SYSTEMD " : "");
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

Result<CgroupManager> read_cgroup_manager(const Parsed& parsed) {
    constexpr std::array<std::string_view, 3> words = {"cgroupfs", "systemd", "disabled"};
    const std::string manager = TRY(choice(parsed, "cgroup-manager", words));
    if (manager == "disabled") return CgroupManager::disabled;
    const bool systemd = parsed.has("systemd-cgroup") || manager == "systemd";
    return systemd ? CgroupManager::systemd : CgroupManager::cgroupfs;
}

Result<Globals> read_globals(const Parsed& parsed) {
    Globals globals;
    globals.root_is_given = parsed.has("root");
    globals.root = parsed.has("root") ? parsed.text("root") : TRY(default_root());
    globals.criu = parsed.text("criu");
    globals.cgroup_manager = TRY(read_cgroup_manager(parsed));
    if (globals.root.empty() || globals.root == "/")
        return failf(ErrorKind::usage, "--root cannot be \"{}\"", globals.root);
    return globals;
}

Status set_up_log(const Parsed& parsed, Reporter& reporter) {
    reporter.log = parsed.text("log");
    constexpr std::array<std::string_view, 2> styles = {"text", "json"};
    if (TRY(choice(parsed, "log-format", styles)) == "json") reporter.format = LogFormat::json;
    constexpr std::array<std::string_view, 4> levels = {"error", "warning", "info", "debug"};
    TRY(choice(parsed, "log-level", levels));
    const std::string level = parsed.has("debug") ? "debug" : parsed.text("log-level");
    reporter.tells_warnings = level != "error";
    reporter.tells_steps = level == "debug";
    return reporter.check_log();
}

// The words of a command: its options and arguments, and perhaps a program.
Result<Parsed> parse_words(const Command& command, std::vector<std::string> words) {
    if (command.accept != nullptr) words = command.accept(std::move(words));
    if (command.program_follows != nullptr) {
        TRY(check_option_names(&command, words, Which::leading));
        Parsed leading = TRY(parse_leading_options(command.options, words).in(command.name));
        if (command.program_follows(leading)) return leading;
    }
    TRY(check_option_names(&command, words, Which::all));
    return parse_options(command.options, std::move(words)).in(command.name);
}

Result<Parsed> parse_command(const Command& command, std::vector<std::string> words) {
    Result<Parsed> parsed = parse_words(command, std::move(words));
    if (!parsed) parsed.error().set_hint(where_to_read(&command));
    return parsed;
}

bool names_one_container(const Command& command) {
    const std::string_view arguments = command.arguments;
    return arguments.substr(0, arguments.find(' ')) == "ID|BUNDLE";
}

Result<int> obey(const Command& command,
                 std::vector<std::string> words,
                 const Globals& globals,
                 Reporter& reporter) {
    const Parsed parsed = TRY(parse_command(command, std::move(words)));
    if (parsed.has("help")) {
        TRY(print(describe_command(command)));
        return 0;
    }
    TRY(check_count(command, parsed.arguments));
    if (names_one_container(command) && !parsed.arguments.empty())
        reporter.container = parsed.arguments[0];
    Invocation invocation{command.name, globals, parsed, reporter};
    return command.run(invocation);
}

// A command has one exit code for all of its failures, a wrong command line among them.
int run_command(const Command& command,
                std::vector<std::string> words,
                const Globals& globals,
                Reporter& reporter) {
    const Result<int> code = obey(command, std::move(words), globals, reporter);
    if (!code) reporter.error(code.error());
    end_watching(reporter);
    return code ? *code : command.failure;
}

Result<int> show_help(std::span<const std::string> words) {
    const std::string_view topic = words.empty() ? "help" : words[0];
    if (topic == "all")
        TRY(print(describe_all()));
    else if (topic == "help" || topic == "version")
        TRY(print(describe_program()));
    else
        TRY(print(describe_command(*TRY(find_command(words)))));
    return 0;
}

Result<int> run(std::vector<std::string> words, Reporter& reporter) {
    TRY(check_option_names(nullptr, words, Which::leading));
    const size_t front = leading_options(global_options(), words);
    const auto split_at = words.begin() + static_cast<ptrdiff_t>(front);
    const Parsed parsed = TRY(parse_options(global_options(), {words.begin(), split_at}));
    TRY(set_up_log(parsed, reporter));
    const std::string name = split_at == words.end() ? "" : *split_at;
    if (parsed.has("version") || name == "version") {
        TRY(print(version_text()));
        return 0;
    }
    if (parsed.has("help")) return show_help({split_at, words.end()});
    if (name == "help") return show_help({split_at + 1, words.end()});
    if (split_at == words.end())
        return fail(ErrorKind::usage, "a command is missing").hint(where_to_read(nullptr));
    const Globals globals = TRY(read_globals(parsed));
    const Command* command = TRY(find_command({split_at, words.end()}));
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
