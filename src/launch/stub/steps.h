// The last steps before the user's program: what the stub does, as data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/credentials.h"
#include "linux/seccomp.h"
#include "os/fd.h"
#include "plan/step.h"

namespace sampan {

struct StubSteps {
    std::span<const Phase> phases;  // those of the stub are built in
    int sync = -1;
    int gate = -1;          // -1: of exec, see stub::Block
    int execution = -1;     // of a stub that clones the program's process
    int cloned = -1;        // the same
    bool terminal = false;  // the same: standard input is a terminal of its own
    int proc = -1;          // the host's procfs, checked; only used when there are labels
    Setgroups setgroups = Setgroups::allowed;
    // Where init could not enter it as root: tried again as the container's user; empty otherwise.
    std::string late_cwd;
    const SeccompFilter* seccomp = nullptr;
    std::string hook_state;  // what startContainer hooks read
    std::string program;     // for execve
    const std::vector<std::string>& env;
};

// The sealed program that carries them out, in the order of the plan (linux/capabilities.h says
// why): before the gate the labels, which so hold for startContainer hooks too, the bounding set,
// groups, ids, capabilities; after it the startContainer hooks, no_new_privs and the filter, as
// late as possible so that it need not allow what we do ourselves. A filter without no_new_privs
// needs CAP_SYS_ADMIN: that one is kept until it is loaded, and the container's own set follows.
Result<Fd> build_stub_image(const StubSteps& steps);

}  // namespace sampan
