// `kill`: sends a signal to the container's processes (runtime.md#kill).
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

enum class Whom { init, all };

// Sends it to init, or to all processes of its cgroup. If the container has no pid namespace of its
// own, SIGKILL always goes to all, because nothing else would end them, even when init has ended
// and others live on. Signal 0 only checks. After SIGKILL it returns when init has ended, or after
// two seconds. A signal that does nothing, because init ignores it or is the first process of its
// pid namespace and has no handler, is a warning.
Status kill_container(
    const Store& store, const std::string& name, int signal, Whom whom, Warnings& warnings);

}  // namespace sampan
