// A trace of what is done, for people and tests: a line of JSON for each step as it begins. All
// processes of a command write to one file; each line is one write(2) to its end.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sampan {

// From now on trace() appends to `path`, in this process and in those that it clones.
Status open_trace(const std::string& path);

[[nodiscard]] bool is_traced();
// For the stub, which goes on with it; -1 without a trace. Close-on-exec.
[[nodiscard]] int trace_descriptor();

// `object`: a JSON object that is not empty. What is written has a member "time" before the others:
// nanoseconds of CLOCK_REALTIME, the one clock that no time namespace changes. A failure is
// nobody's business: the container is not to depend on being watched.
void trace(std::string_view object);

}  // namespace sampan
