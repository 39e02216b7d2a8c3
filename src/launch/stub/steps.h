// The last steps before the user's program: what the stub does, as data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "launch/stub/block.h"
#include "linux/credentials.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "plan/step.h"

namespace sampan {

struct StubSteps {
    std::span<const Phase> phases;  // those of the stub are built in
    int sync = -1;
    stub::Role role = stub::Role::create;
    int gate = -1;          // -1: of exec
    int execution = -1;     // if the stub clones the program's process
    int cloned = -1;        // the same
    bool terminal = false;  // the same: standard input is a terminal of its own
    int proc = -1;          // the host's procfs, checked; only used when there are labels
    int return_to = -1;     // the working directory, if it has to be entered first
    Setgroups setgroups = Setgroups::allowed;
    // Set if init could not enter it as root: then it is tried again as the container's user.
    std::string late_cwd;
    // Limits that the plan has elsewhere, set before its late ones.
    const std::vector<SetRlimit>& postponed;
    const SeccompFilter* seccomp = nullptr;
    std::string hook_state;  // what startContainer hooks read
    std::string program;     // for execve
    const std::vector<std::string>& env;
};

// The sealed program that carries out the stub's phases, in the order of the plan.
// linux/capabilities.h has the reasons for that order. Before the gate come the labels, which
// thereby apply to startContainer hooks too, the bounding set, groups, ids and capabilities. After
// the gate come the startContainer hooks, no_new_privs and the filter: as late as possible, so that
// it need not allow what we do ourselves. To load a filter without no_new_privs needs
// CAP_SYS_ADMIN. This capability is kept until then; afterwards the container's own set is put in
// place.
Result<Fd> build_stub_image(const StubSteps& steps);

}  // namespace sampan
