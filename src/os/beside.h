// Work in a child process: for work that joins a namespace which it could not leave again, or that
// needs a namespace of its own for a moment.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Does `work` in a child, and returns once the child has ended. An error of the child is returned
// like one of ours. If the child ends without a result, the error is "the process that WHAT was
// killed by SIGKILL" and the like.
Status run_beside(std::string_view what, const std::function<Status()>& work);

// The same for work that opens something: the descriptor is passed to us.
Result<Fd> open_beside(std::string_view what, const std::function<Result<Fd>()>& work);

// The same for work that finds a text, of up to 16 MiB. It is passed in memory, so that nothing
// that the child has opened is open in our process.
Result<std::string> read_beside(std::string_view what,
                                const std::function<Result<std::string>()>& work);

// The same as run_beside. When the work is done, but before the child ends, `look` is called in our
// process with the pid of the child.
Status visit_beside(std::string_view what,
                    const std::function<Status()>& work,
                    const std::function<Status(pid_t)>& look);

}  // namespace sampan
