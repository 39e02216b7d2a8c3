// Clones init into new and joined namespaces.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "launch/cloned.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "os/process.h"
#include "os/socket.h"
#include "plan/plan.h"

namespace sampan {

// For an init that stays out of the pid namespace in which its child will live: the sockets of the
// conversation with that child, and the page with its pid. Empty for any other init.
struct UnseenInit {
    std::optional<ClonedPage> child;
    SocketPair execution;
    [[nodiscard]] bool is_one() const { return child.has_value(); }
};

struct InitCloning {
    const Plan& plan;
    uint64_t new_types = 0;  // CLONE_NEW* for clone3(2)
    int cgroup = -1;         // for CLONE_INTO_CGROUP; -1: none
    Context& context;        // pid_namespace is set if init works unseen
    Sync& ours;              // closed in all processes but the supervisor
    Sync& inits;
    // Called in init.
    const std::function<void()>& become_init;
};

// Returns init as our child. Fills in `unseen` if init works unseen.
Result<Process> clone_init(const InitCloning& cloning, UnseenInit& unseen);

}  // namespace sampan
