// The status of a container (runtime.md#state), computed from facts each time it is asked for.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "container/record.h"
#include "spec/state.h"

namespace sampan {

using spec::ContainerStatus;

struct ProcessFacts {
    // Init is there: not gone, no zombie, and not another process that got its number.
    bool alive = false;
    // It still waits for `start`.
    bool waiting = false;
    // Its cgroup is frozen.
    bool frozen = false;
};

// Pure.
ContainerStatus derive(const Record& record, const ProcessFacts& facts);

enum class Operation { start, kill, pause, resume, update, ps, exec, remove };
// "container not running", for what needs its process.
Failure not_running();

// Pure: what is allowed when (runtime.md#operations). The error's text is one that clients match.
Status allow(Operation operation, ContainerStatus status, std::string_view id);

// False where pids of the record mean nothing: it was made in another pid namespace. An error where
// /proc does not tell.
Result<bool> is_in_our_pid_namespace(const Record& record);

// The facts of now. `folder` is the container's. What cannot be known is an error: a container that
// runs must not pass for one that has stopped.
Result<ProcessFacts> look_at(const Record& record, int folder);

}  // namespace sampan
