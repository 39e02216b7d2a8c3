#include "launch/hooks.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/signals.h"
#include "spec/check.h"
#include "spec/locate.h"
#include "spec/writer.h"

namespace sampan {

namespace {

std::vector<const char*> pointers_to(const std::vector<std::string>& strings) {
    std::vector<const char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (const std::string& text : strings)
        pointers.push_back(text.c_str());
    pointers.push_back(nullptr);
    return pointers;
}

std::string describe_end(const spec::Hook& hook, const stub::HookOutcome& outcome) {
    switch (outcome.end) {
        case stub::HookEnd::exited:
            return format("exited with {}", outcome.value);
        case stub::HookEnd::signalled:
            return format("was killed by {}", signal_name(outcome.value));
        case stub::HookEnd::timed_out:
            return format("ran longer than its timeout of {} s and was killed",
                          hook.timeout.value_or(0));
        case stub::HookEnd::abandoned:
            return "was killed, since the container's init had ended,";
        case stub::HookEnd::interrupted:
            return "was killed, since we were asked to end,";
        case stub::HookEnd::not_executed:
            return format("could not be executed: {}", errno_text(outcome.value));
        case stub::HookEnd::not_started:
            return format("could not be started: {}", errno_text(outcome.value));
        case stub::HookEnd::not_watched:
            return format("could not be waited for: {}", errno_text(outcome.value));
    }
    return "failed";
}

}  // namespace

spec::State state_of(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid) {
    spec::State state;
    state.oci_version = spec::oci_version_max;
    state.id = identity.id;
    state.status = status;
    if (pid > 0) state.pid = pid;
    state.bundle = identity.bundle;
    state.annotations = identity.annotations;
    return state;
}

std::string hook_state(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid) {
    return write_json(state_of(identity, status, pid), JsonStyle::compact);
}

int64_t timeout_ms(const spec::Hook& hook) {
    constexpr int64_t year_s = 31'536'000;
    return std::min(hook.timeout.value_or(0), year_s) * 1000;
}

std::string hook_log_entry(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome) {
    const std::string_view output = trim(std::string_view(outcome.output, outcome.output_size));
    return format("{} hook {} ({}) {} after {} ms:\n{}\n", name_of(kind), index,
                  escape_text(hook.path), describe_end(hook, outcome), outcome.duration_ms,
                  escape_lines(output, ""));
}

Error describe_failed_hook(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome,
                           HookRunner runner) {
    ExecFailure failure;
    std::string end = describe_end(hook, outcome);
    if (outcome.end == stub::HookEnd::not_executed) {
        runner.who.path = hook.path;
        runner.who.code = outcome.value;
        // To find out why, only a regular file is opened.
        const Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
        failure = find_exec_failure(runner.root, proc ? proc->get() : -1, runner.who);
        end = format("could not be executed: {}", failure.reason);
    }
    // The words of runc and, for poststop hooks, of crun: engines and suites look for them.
    std::string what =
        format("error running {} hook #{}: {} {}", name_of(kind), index, hook.path, end);
    if (kind == HookKind::poststop && outcome.end == stub::HookEnd::exited)
        what = format("poststop hook failed with exit code {}: {}", outcome.value, what);
    if (outcome.end != stub::HookEnd::not_executed && outcome.end != stub::HookEnd::not_started)
        what += format(" after {} ms", outcome.duration_ms);
    const std::string_view output = trim(std::string_view(outcome.output, outcome.output_size));
    if (!output.empty()) what += format("; its output: {}", output);
    Error error(ErrorKind::hook_failed, what);
    const bool executed = outcome.end != stub::HookEnd::not_executed;
    error.set_pointer(format("/hooks/{}/{}{}", name_of(kind), index, executed ? "" : "/path"));
    error.set_hint(executed ? spec::hint_for_name(hook) : std::move(failure.hint));
    if (!executed) error.set_hint(spec::hint_for_place(kind));
    return error;
}

Status run_hook(const RunHook& step, const HookSurroundings& around) {
    const spec::Hook& hook = step.hook;
    std::vector<const char*> arguments = pointers_to(hook.args);
    if (hook.args.empty()) arguments = {hook.path.c_str(), nullptr};
    std::vector<const char*> environment;
    if (hook.env) environment = pointers_to(*hook.env);
    const stub::HookRequest request{
        .path = hook.path.c_str(),
        .arguments = arguments.data(),
        .environment = hook.env ? environment.data() : ::environ,
        .timeout_ms = timeout_ms(hook),
        .state = around.state.data(),
        .state_size = around.state.size(),
        .folder = around.folder.c_str(),
        .output = around.files != nullptr ? around.files->output.get() : -1,
        .error = around.files != nullptr ? around.files->error.get() : -1,
        .guard = around.guard,
        .interrupted = interruption_flag(),
    };
    stub::HookOutcome outcome;
    const bool done = stub::run_hook_process(request, outcome);
    if (around.log && outcome.output_size > 0)
        around.log(hook_log_entry(hook, step.kind, step.index, outcome));
    if (done) return {};
    const Result<Fd> root = open_at(cwd, "/", O_PATH | O_DIRECTORY);
    return Failure(describe_failed_hook(hook, step.kind, step.index, outcome,
                                        {root ? root->get() : -1, describe_ourselves()}));
}

}  // namespace sampan
