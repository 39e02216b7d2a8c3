// `exec`: runs another process in a container that is created or running.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/enter.h"
#include "container/store.h"
#include "os/fd.h"
#include "os/process.h"
#include "plan/exec_plan.h"

namespace sampan {

struct ExecOptions {
    ExecRequest request;  // its id and new_keyring are filled in here
    std::vector<SubCgroup> cgroups;
    bool ignore_paused = false;
    // Gets the master of the terminal; called only if the process has a terminal.
    std::function<Status(Fd)> on_console;
};

// Returns once the program has been executed; it is our child. Until then SIGINT, SIGTERM and
// SIGHUP make this fail (os/interruption.h). Any number of processes may enter a container at once,
// but none while an operation changes it. If it fails, nothing is left behind.
Result<Process> exec_in_container(const Store& store,
                                  const std::string& name,
                                  const ExecOptions& options,
                                  Warnings& warnings);

}  // namespace sampan
