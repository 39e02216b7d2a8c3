// Work in a process beside us: for what joins something that it could not leave again, or needs a
// namespace for a moment.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Does `work` in a child, and returns once that has ended. An error of it is reported as if it were
// our own; a child that ends without a word is told as "the process that WHAT was killed by
// SIGKILL".
Status run_beside(std::string_view what, const std::function<Status()>& work);

// The same of work that opens something, which comes to us.
Result<Fd> open_beside(std::string_view what, const std::function<Result<Fd>()>& work);

// The same, and once the work is done `look` is called in us, while the process is still there: it
// is given its pid.
Status visit_beside(std::string_view what,
                    const std::function<Status()>& work,
                    const std::function<Status(pid_t)>& look);

}  // namespace sampan
