// `kill`: a signal to the container's processes (runtime.md#kill).
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

enum class Whom { init, all };

// To init, or to all processes of its cgroup. SIGKILL of a container without a pid namespace of its
// own always reaches all: nothing else would end them. Signal 0 only asks whether it runs.
Status kill_container(const Store& store, const std::string& name, int signal, Whom whom);

}  // namespace sampan
