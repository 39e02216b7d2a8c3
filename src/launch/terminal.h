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

// The caller's terminal while the container's is shown on it.
class CallersTerminal {
  public:
    // No terminal: it can always be read, and the rest does nothing.
    explicit CallersTerminal(int fd) : fd_(fd) {}
    CallersTerminal(const CallersTerminal&) = delete;
    CallersTerminal& operator=(const CallersTerminal&) = delete;
    CallersTerminal(CallersTerminal&&) = delete;
    CallersTerminal& operator=(CallersTerminal&&) = delete;
    ~CallersTerminal() { give_back(); }

    // False in the background, where it is for others: what is typed there, and the settings.
    [[nodiscard]] bool is_ours() const;
    // In the foreground only. Each character goes to the container.
    void make_raw();
    [[nodiscard]] bool is_raw() const { return saved_ != nullptr; }
    // As it was.
    void give_back();

  private:
    struct Settings;
    int fd_;
    Settings* saved_ = nullptr;
};

}  // namespace sampan
