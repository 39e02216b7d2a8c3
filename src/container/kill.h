// `kill`: sends a signal to the container's processes (runtime.md#kill).
#pragma once

#include <optional>

#include "base/result.h"
#include "container/container.h"

namespace sampan {

enum class Whom { init, all };

// Sends it to init, or to all processes of its cgroup. If the container has no pid namespace of its
// own, SIGKILL always goes to all, because nothing else would end them, even when init has ended
// and others live on. Signal 0 only checks. After SIGKILL it returns when init has ended, or after
// two seconds.
Status kill_container(const Container& container, int signal, Whom whom);

// The warning that the signal does nothing, because init ignores it or is the first process of its
// pid namespace and has no handler; nothing if it has an effect. Reads /proc.
std::optional<Error> warn_if_lost(const Container& container, int signal);

}  // namespace sampan
