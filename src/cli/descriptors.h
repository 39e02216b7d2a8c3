// Which of the caller's descriptors the program gets (--preserve-fds), and the file of a trace.
#pragma once

#include "base/result.h"
#include "cli/options.h"

namespace sampan {

inline constexpr int most_preserved_fds = 1 << 20;  // what a process may have open at all

// The program gets 3, 4, ... as many as `listen_fds` and --preserve-fds say together, which is
// returned, and nothing else of ours: all above are close-on-exec from now on. They must be open.
Result<int> keep_descriptors(const Parsed& parsed, int listen_fds);

// --trace. Once the caller's descriptors have been looked at, so that it is none of them.
Status trace_if_asked(const Parsed& parsed);

}  // namespace sampan
