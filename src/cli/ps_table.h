// The output of ps(1), reduced to some processes.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The header, and the lines whose number below "PID" is one of `pids`. It is an error if the header
// has no such column, or if values before it contain blanks.
Result<std::string> keep_processes(std::string_view table, const std::vector<pid_t>& pids);

}  // namespace sampan
