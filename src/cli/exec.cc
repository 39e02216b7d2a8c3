#include "container/exec.h"

#include <algorithm>

#include "base/text.h"
#include "cli/command.h"
#include "cli/descriptors.h"
#include "cli/report.h"
#include "cli/watch.h"
#include "compose/edits.h"
#include "container/user.h"
#include "launch/relay.h"
#include "launch/terminal.h"
#include "os/signals.h"
#include "spec/spec.h"

namespace sampan {

namespace {

Result<uint32_t> number_of_group(std::string_view text) {
    const std::optional<uint32_t> id = parse_id(text);
    if (!id)
        return failf(ErrorKind::usage, "--additional-gids: \"{}\" is not a number of a group",
                     text);
    return *id;
}

// Numbers need no look into the container.
bool are_numbers(std::string_view user) {
    const size_t colon = std::min(user.find(':'), user.size());
    return parse_id(user.substr(0, colon)) &&
           (colon == user.size() || parse_id(user.substr(colon + 1)));
}

Status read_user(const Invocation& invocation, const Store& store, ExecRequest& request) {
    const Parsed& parsed = invocation.parsed;
    const std::string user = parsed.text("user");
    if (parsed.has("user") && are_numbers(user)) {
        const size_t colon = user.find(':');
        request.uid = parse_id(user.substr(0, colon));
        if (colon != std::string::npos) request.gid = parse_id(user.substr(colon + 1));
    } else if (parsed.has("user")) {
        const FoundUser found =
            TRY(find_user_in(store, parsed.arguments[0], user).in("--user USER[:GROUP]"));
        request.uid = found.uid;
        request.gid = found.gid;
        request.additional_gids = found.additional_gids;
    }
    for (const std::string& list : parsed.all("additional-gids"))
        for (const std::string_view gid : split(list, ','))
            request.additional_gids.push_back(TRY(number_of_group(gid)));
    return {};
}

Result<std::vector<std::string>> read_env(const Parsed& parsed) {
    std::vector<std::string> env = parsed.all("env");
    for (const std::string& entry : env)
        if (entry.find('=') == std::string::npos || entry.starts_with('='))
            return failf(ErrorKind::usage, "--env takes NAME=VALUE, not \"{}\"", entry);
    return env;
}

std::optional<std::string> given(const Parsed& parsed, std::string_view name) {
    return parsed.has(name) ? std::optional(parsed.text(name)) : std::nullopt;
}

Result<ExecRequest> read_request(Invocation& invocation, const Store& store) {
    const Parsed& parsed = invocation.parsed;
    ExecRequest request;
    if (parsed.has("process")) {
        GivenText text = TRY(read_given_text(parsed.text("process")));
        ProcessFile file = TRY(read_process(std::move(text.text), text.name));
        invocation.reporter.config_path = file.path;
        invocation.reporter.config_text = file.text;
        invocation.reporter.warnings(file.warnings);
        request.file = std::move(file.process);
    }
    request.args.assign(parsed.arguments.begin() + 1, parsed.arguments.end());
    request.env = TRY(read_env(parsed));
    request.cwd = given(parsed, "cwd");
    TRY(read_user(invocation, store, request));
    for (const std::string& list : parsed.all("cap"))
        for (const std::string_view name : split(list, ','))
            request.capabilities.push_back(TRY(full_capability_name(name)));
    request.apparmor_profile = given(parsed, "apparmor");
    request.selinux_label = given(parsed, "process-label");
    request.no_new_privileges = parsed.has("no-new-privs");
    if (parsed.has("tty")) request.terminal = true;
    return request;
}

// Where the terminal of the process is sent.
class Terminal {
  public:
    Terminal(const ExecRequest& request, const Parsed& parsed)
        : wanted_(request.terminal.value_or(request.file && request.file->terminal)),
          socket_(parsed.text("console-socket")),
          ours_(wanted_ && socket_.empty() && !parsed.has("detach")) {}

    [[nodiscard]] Status check() const {
        if (ours_ || wanted_ == !socket_.empty()) return {};
        if (wanted_)
            return fail(ErrorKind::usage, "the process has a terminal, but nobody takes it")
                .hint("give --console-socket, or leave out --detach");
        return fail(ErrorKind::usage, "--console-socket is given, but the process has no terminal")
            .hint("give --tty, or leave out --console-socket");
    }
    Status take(Fd master) {
        if (!ours_) return send_terminal(socket_, std::move(master));
        keep_line_ends(master.get());
        master_ = std::move(master);
        return {};
    }
    Fd give() { return std::move(master_); }

  private:
    bool wanted_;
    std::string socket_;
    bool ours_;
    Fd master_;
};

Result<int> run(Invocation& invocation, const Store& store, ExecOptions options) {
    const Parsed& parsed = invocation.parsed;
    const bool detach = parsed.has("detach");
    Terminal terminal(options.request, parsed);
    TRY(terminal.check());
    options.on_console = [&terminal](Fd master) { return terminal.take(std::move(master)); };
    // From here on a signal is meant for the program; before the program runs, it ends us
    // (os/interruption.h).
    const Fd signals = TRY(signals_as_fd());
    if (!detach && !parsed.has("no-subreaper")) TRY(become_subreaper());
    Warnings warnings;
    Result<Process> process = exec_in_container(store, parsed.arguments[0], options, warnings);
    invocation.reporter.warnings(warnings);
    Process started = TRY(std::move(process));
    write_trace(invocation.reporter);
    if (!detach)
        return relay(std::move(started), terminal.give(), signals, nullptr,
                     tell_of_third_interrupt);
    started.release();  // it becomes a child of the nearest subreaper when we end
    return 0;
}

// What follows the container is the program, also in `exec web -it sh`; its name hardly begins with
// a dash.
Result<int> explain_program(Result<int> done, const Parsed& parsed) {
    if (done) return done;
    const std::vector<std::string>& arguments = parsed.arguments;
    Error& error = done.error();
    if (error.kind() == ErrorKind::usage && arguments.size() == 1)
        error.set_hint(format("it follows the container: sampan exec {} PROGRAM", arguments[0]));
    if (error.kind() == ErrorKind::program_not_found && arguments.size() > 1 &&
        arguments[1].starts_with('-'))
        error.replace_hint(format("options stand before the container: sampan exec {} {} ...",
                                  arguments[1], arguments[0]));
    return done;
}

}  // namespace

Result<int> run_exec(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    TRY(keep_descriptors(invocation, 0));
    TRY(watch_if_asked(invocation));
    const Store store = TRY(Store::look(invocation.globals.root));
    ExecOptions options{.request = TRY(read_request(invocation, store))};
    for (const std::string& text : parsed.all("cgroup"))
        options.cgroups.push_back(TRY(parse_sub_cgroup(text).in("--cgroup")));
    options.ignore_paused = parsed.has("ignore-paused");
    options.request.pid_file = parsed.text("pid-file");
    options.request.pidfd_socket = parsed.text("pidfd-socket");
    return explain_program(run(invocation, store, std::move(options)), parsed)
        .in(format("executing in container {}", parsed.arguments[0]));
}

}  // namespace sampan
