// Kernel parameters as the container's namespaces have them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/observed_process.h"

namespace sampan {

// The values of these files below /proc/sys ("kernel/hostname"), as the process's namespaces for
// names, IPC and network have them. Those that cannot be read are left out. `proc`: a checked
// procfs.
Result<std::map<std::string, std::string>> read_sysctls_inside(
    int proc, const ProcessFolder& process, const std::vector<std::string>& paths);

}  // namespace sampan
