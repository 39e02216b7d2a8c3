// `console`: receives the terminal of a container, and shows it on the caller's.
#pragma once

#include <string>

#include "base/result.h"

namespace sampan {

// Listens at `path`, where nothing may be yet; the first one who connects brings the terminal, as
// send_terminal() does. Then copies between that and our standard streams until nobody has the
// terminal open any more. Returns 0, or 128 and the signal that has ended it: SIGTERM, SIGINT or
// SIGHUP. Leaves no socket behind.
Result<int> show_console(const std::string& path);

}  // namespace sampan
