// The pidfd of a process, for whoever waits for it at a Unix socket.
#pragma once

#include <string>

#include "base/result.h"

namespace sampan {

// Sends it through the Unix stream socket at `path`: one message with the descriptor and a short
// name; then the connection is closed. Waits, until a signal comes (os/interruption.h), while the
// other side takes no connection. `pidfd` stays the caller's.
Status send_pidfd(const std::string& path, int pidfd);

}  // namespace sampan
