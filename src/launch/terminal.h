// The container's terminal as the caller sees it.
#pragma once

#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

class Sync;

// A terminal needs somebody who takes it, and nobody may wait for one that does not come.
Status check_console_socket(bool terminal, const std::string& socket);

// The terminal's master, as the other side sends it (MessageType::console): checked to be one.
Result<Fd> receive_terminal(Sync& sync);

// Hands the terminal's master over the Unix stream socket at `path`: one message with the
// descriptor and a short name, then the connection is closed.
Status send_terminal(const std::string& path, Fd master);

// The window size of `from` (if it is a terminal) becomes that of `to`.
void copy_window_size(int from, int to);

// A terminal's settings, restored on destruction.
class RawMode {
  public:
    // Does nothing when `fd` is no terminal.
    explicit RawMode(int fd);
    RawMode(const RawMode&) = delete;
    RawMode& operator=(const RawMode&) = delete;
    RawMode(RawMode&&) = delete;
    RawMode& operator=(RawMode&&) = delete;
    ~RawMode();

  private:
    struct Settings;
    int fd_ = -1;
    Settings* saved_ = nullptr;
};

}  // namespace sampan
