// What the stub tells from its release to the execution of the user's program: read by `start`
// through the gate, by `exec` through its own conversation (the pictures are in launch/sync.h).
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
    // A startContainer hook has run: an error where there is none of that index, or out of order.
    // Null where there are none at all.
    std::function<Status(const stub::Report&)> on_hook_done;
    // The filter's descriptor, where it notifies somebody. It is a seccomp listener; whose, only
    // the container knows.
    std::function<Status(const Fd&)> on_listener;
    // Says why it failed, while the process still waits: its root can be looked at.
    std::function<Error(const stub::Report&)> explain;
    // Whether the process has a seccomp filter; asked when it ended without a word.
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
// spare_children()). What comes through `connection` is the container's word (launch/message.h).
Status let_execute(Fd connection, const StubProcess& process, const ExecutionEvents& events);

struct ExecutedProcess {
    const spec::Process& process;
    std::optional<IdMaps> id_maps;  // of a user namespace of the container's own
    pid_t pid = 0;                  // as we see it; it waits until we hang up
    int pidfd = -1;
    std::string origin;  // place of the process object
};

// Who it is, as we see it. Path and code stay empty.
FailedExec describe_user(const ExecutedProcess& executed);
// Its root directory (O_PATH).
Result<Fd> open_root(const ExecutedProcess& executed);

// The reason behind `call_failed` and `exec_failed`: what the kernel only gives a number for is
// explained (linux/exec_failure.h).
Error explain_execution(const stub::Report& report, const ExecutedProcess& executed);

}  // namespace sampan
