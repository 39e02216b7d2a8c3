// Which descriptors of the caller the program gets (--preserve-fds).
#pragma once

#include "base/result.h"
#include "cli/command.h"

namespace sampan {

inline constexpr int most_preserved_fds = 1 << 20;  // more than a process can have open

// The program gets 3, 4, ..., as many as `listen_fds` and --preserve-fds add up to, and nothing
// else of ours: all others are close-on-exec from now on. Returns the number. One that is not open
// is a warning: the program does not get it.
Result<int> keep_descriptors(Invocation& invocation, int listen_fds);

}  // namespace sampan
