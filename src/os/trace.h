// A trace of what is done, for people and tests: a line of JSON for each step, written when the
// step begins. All processes of a command append to one file, except the stub, which tells its
// steps to the command: their time is when it reads them. Each line is one write(2).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sampan {

// From now on trace() appends to `path`, in this process and in those that it clones.
// `path` is a regular file. It is closed on execution.
Status open_trace(const std::string& path);

[[nodiscard]] bool is_traced();

// Writes `object`, a JSON object that is not empty. A member "time" is put before its members: the
// nanoseconds of CLOCK_REALTIME, the only clock that no time namespace changes. A failure is
// ignored, because a container must not depend on being watched.
void trace(std::string_view object);

}  // namespace sampan
