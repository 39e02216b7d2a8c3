// Hooks (config.md#posix-platform-hooks): runs a list of them in order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "launch/hook_files.h"
#include "launch/stub/hook_process.h"
#include "linux/exec_failure.h"
#include "plan/outside_steps.h"
#include "spec/hooks.h"
#include "spec/state.h"

namespace sampan {

// What the state that a hook gets says about the container, whatever the kind of hook
// (runtime.md#state).
struct HookIdentity {
    std::string id;
    std::string bundle;  // absolute
    std::map<std::string, std::string> annotations;
};

spec::State state_of(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid);

// The JSON that a hook reads from its standard input: only the members of the specification. `pid`
// is the one in the hook's pid namespace; 0 (after the end) leaves it out.
std::string hook_state(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid);

using spec::HookKind;

// Gets a title line and what a hook has printed, for people to read later (hooks.log in the
// container's folder).
using HookLog = std::function<void(const std::string&)>;
std::string hook_log_entry(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome);
// The timeout of a hook; 0 for none. A timeout that is too long for the clock becomes a year.
// launch/stub/hook_process.cc holds hooks of all kinds to it.
int64_t timeout_ms(const spec::Hook& hook);

// What surrounds a hook.
struct HookSurroundings {
    const std::string& state;   // for its standard input
    const std::string& folder;  // its working directory, or "/" if that cannot be entered
    const HookLog& log;
    // A pidfd: when that process ends, the hook is killed. A hook that hangs must not keep a
    // container that is being deleted. -1: none.
    int guard = -1;
    const HookFiles* files = nullptr;  // null: none
};

// Runs the hook, with our own environment if it has none of its own. An error has the kind, index
// and path, how the hook ended, the time it took, and its last output.
Status run_hook(const RunHook& step, const HookSurroundings& around);

// The user who executes a hook, and the root in which its path is found: to find out why a program
// could not be executed.
struct HookRunner {
    int root = -1;  // stays the caller's
    FailedExec who;
};

// The error of a hook that did not exit with 0, of the kind hook_failed: after it a container is
// destroyed, and its poststop hooks run (runtime.md#lifecycle).
Error describe_failed_hook(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome,
                           HookRunner runner);

}  // namespace sampan
