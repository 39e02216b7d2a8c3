// What the stub says from its release until the user's program is executed. `start` reads it
// through the gate, `exec` through a conversation of its own (launch/sync.h has the pictures).
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "launch/stub/block.h"
#include "linux/exec_failure.h"
#include "linux/id_map.h"
#include "os/fd.h"
#include "os/process.h"
#include "spec/process.h"

namespace sampan {

struct ExecutionEvents {
    // A startContainer hook has run. An index that does not exist, or is out of order, is an error.
    // Null if there are no such hooks.
    std::function<Status(const stub::Report&)> on_hook_done;
    // The filter's descriptor, if it notifies an agent. It is the listener of some seccomp filter;
    // only the container knows of which.
    std::function<Status(const Fd&)> on_listener;
    // Says why the execution failed, while the process still waits: its root can be examined.
    std::function<Error(const stub::Report&)> explain;
    // Whether the process has a seccomp filter; asked if it has ended without saying anything.
    std::function<bool()> is_filtered;
};

// The process in which the stub runs.
struct StubProcess {
    pid_t pid = 0;  // as we see it
    int pidfd = -1;
    uint64_t start_time = 0;
    FileIdentity stub;  // what it executes before the program
};

// Sends the word to go on, and returns once the program has been executed. After a failure it
// returns when the process has ended. Signals are left to a program that runs (os/interruption.h,
// spare_children()). Do not trust what comes through `connection`: the container may have sent it
// (launch/message.h).
Status let_execute(Fd connection, const StubProcess& process, const ExecutionEvents& events);

struct ExecutedProcess {
    const spec::Process& process;
    std::optional<IdMaps> id_maps;  // if it has a user namespace of its own
    pid_t pid = 0;                  // as we see it; the process waits until we hang up
    int pidfd = -1;
    std::string origin;  // place of the process object
};

// The user that it is, as we see it. Path and code stay empty.
FailedExec describe_user(const ExecutedProcess& executed);
// Its root directory (O_PATH).
Result<Fd> open_root(const ExecutedProcess& executed);

// The reason for `call_failed` and `exec_failed`. Where the kernel only gives a number, it is
// explained (linux/exec_failure.h).
Error explain_execution(const stub::Report& report, const ExecutedProcess& executed);

}  // namespace sampan
