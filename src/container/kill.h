// `kill`: a signal to the container's processes (runtime.md#kill).
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

enum class Whom { init, all };

// To init, or to all processes of its cgroup. SIGKILL of a container without a pid namespace of its
// own always reaches all: nothing else would end them. They are reached also when init has gone and
// they live on. Signal 0 only asks. After SIGKILL it returns when init has ended, or when that
// takes longer than two seconds.
Status kill_container(const Store& store, const std::string& name, int signal, Whom whom);

}  // namespace sampan
