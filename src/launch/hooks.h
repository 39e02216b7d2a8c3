// Hooks (config.md#posix-platform-hooks): one list of them, in order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "launch/stub/hook_process.h"
#include "linux/exec_failure.h"
#include "plan/outside_steps.h"
#include "spec/hooks.h"
#include "spec/state.h"

namespace sampan {

// What a hook's state says of the container, whatever the kind (runtime.md#state).
struct HookIdentity {
    std::string id;
    std::string bundle;  // absolute
    std::map<std::string, std::string> annotations;
};

spec::State state_of(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid);

// The JSON that a hook reads from its standard input: only the specification's members. `pid` is
// the one that the hook's pid namespace shows; 0 (after the end) leaves it out.
std::string hook_state(const HookIdentity& identity, spec::ContainerStatus status, pid_t pid);

using spec::HookKind;

// Takes a line of title and what a hook wrote, for people to read later (hooks.log in the
// container's folder).
using HookLog = std::function<void(const std::string&)>;
std::string hook_log_entry(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome);
// Its timeout; 0 for none. A longer one than the clock has room for is as good as a year.
int64_t timeout_ms(const spec::Hook& hook);

// What a hook finds around it.
struct HookSurroundings {
    const std::string& state;   // for its standard input
    const std::string& folder;  // its working directory, or "/" where that cannot be entered
    const HookLog& log;
    // A pidfd: a hook is killed when that process ends, since one that hangs must not keep a
    // container which is being deleted. -1: none.
    int guard = -1;
};

// Runs it, in our own environment where it has none of its own. An error names kind, index, path,
// how it ended, the time used and its last output.
Status run_hook(const RunHook& step, const HookSurroundings& around);
// poststop: a failed one does not keep the others from running. One error each.
std::vector<Error> run_all_hooks(const spec::Hooks& hooks,
                                 HookKind kind,
                                 const std::string& state,
                                 const std::string& folder);

// Who was to execute a hook, and in which root its path counts: what keeps a program from being
// executed is found out there.
struct HookRunner {
    int root = -1;  // stays the caller's
    FailedExec who;
};

// The error of a hook that did not exit with 0, of the kind hook_failed: after it a container is
// destroyed with its poststop hooks (runtime.md#lifecycle).
Error describe_failed_hook(const spec::Hook& hook,
                           HookKind kind,
                           size_t index,
                           const stub::HookOutcome& outcome,
                           HookRunner runner);

}  // namespace sampan
