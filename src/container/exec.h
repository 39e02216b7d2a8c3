// `exec`: a further process in a container that is created or running.
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
    // Takes the master of the terminal; called only when the process has one.
    std::function<Status(Fd)> on_console;
};

// Returns once the program has been executed; it is our child. Until then SIGINT, SIGTERM and
// SIGHUP make it fail (os/interruption.h). Any number of them may enter a container at once, and
// none while an operation changes it. Nothing is left behind on failure.
Result<Process> exec_in_container(const Store& store,
                                  const std::string& name,
                                  const ExecOptions& options,
                                  std::vector<Problem>& warnings);

}  // namespace sampan
