// The output of ps(1), cut to some processes.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The header, and the lines whose number below "PID" is one of `pids`. An error where the header
// has no such column, or a column before it has blanks in its values.
Result<std::string> keep_processes(std::string_view table, const std::vector<pid_t>& pids);

}  // namespace sampan
