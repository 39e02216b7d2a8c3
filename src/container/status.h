// The status of a container (runtime.md#state), computed from facts each time somebody asks for it.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "container/record.h"
#include "spec/state.h"

namespace sampan {

using spec::ContainerStatus;

struct ProcessFacts {
    // Init exists: it has not ended, is not a zombie, and is not another process that got its
    // number.
    bool alive = false;
    // It still waits for `start`.
    bool waiting = false;
    // Its cgroup is frozen.
    bool frozen = false;
};

// Pure.
ContainerStatus derive(const Record& record, const ProcessFacts& facts);

enum class Operation {
    start,
    kill,
    pause,
    resume,
    update,
    mount,
    ps,
    inspect,
    exec,
    checkpoint,
    remove,
    remove_stopped
};
// "container not running", for an operation that needs the container's process.
Failure not_running();

// Pure: what is allowed in which status (runtime.md#operations). Clients look for the error's text.
Status allow(Operation operation, ContainerStatus status, std::string_view id);

// False if the pids of the record mean nothing here, because it was made in another pid namespace.
// An error if /proc does not say.
Result<bool> is_in_our_pid_namespace(const Record& record);

// The present facts. `folder` is the container's. If something cannot be known, that is an error,
// because a running container must not seem to have stopped.
Result<ProcessFacts> look_at(const Record& record, int folder);

}  // namespace sampan
