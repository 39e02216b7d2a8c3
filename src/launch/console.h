// `console`: receives the terminal of a container, and shows it on the caller's.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace sampan {

// Listens at `path`, where nothing may be yet, until somebody connects and brings the terminal, as
// send_terminal() does. Whoever brings something else is told of, and sent away; whoever is silent
// gives way to the next one. Then copies between that and our standard streams until nobody has the
// terminal open any more. Returns 0, or 128 and the signal that has ended it: SIGTERM, SIGINT or
// SIGHUP. Leaves no socket behind.
Result<int> show_console(const std::string& path, const std::function<void(const Error&)>& tell);

}  // namespace sampan
