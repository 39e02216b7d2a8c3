// The clone of init into new and joined namespaces.
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

// The sockets and the page of an init that stays out of the pid namespace which its child shall
// live in: who that child is, and the child's conversation. Empty for any other.
struct UnseenInit {
    std::optional<ClonedPage> child;
    SocketPair execution;
    [[nodiscard]] bool is_one() const { return child.has_value(); }
};

struct InitCloning {
    const Plan& plan;
    uint64_t new_types = 0;  // CLONE_NEW* for clone3(2)
    int cgroup = -1;         // for CLONE_INTO_CGROUP; -1: none
    Context& context;        // pid_namespace is set for an init that works unseen
    Sync& ours;              // closed in processes that are not the supervisor
    Sync& inits;
    // Called in init.
    const std::function<void()>& become_init;
};

// Init as our child. `unseen` becomes what is needed of one that works unseen.
Result<Process> clone_init(const InitCloning& cloning, UnseenInit& unseen);

}  // namespace sampan
