// The container's terminal, as the caller sees it.
#pragma once

#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

class Sync;

// An error if a terminal has nobody to take it, or if somebody waits for one that does not come.
Status check_console_socket(bool terminal, const std::string& socket);

// Receives the terminal's master from the other side (MessageType::console), and checks that it is
// one.
Result<Fd> receive_terminal(Sync& sync);

// An error if it is not the master of a terminal.
Status check_is_terminal(int fd);

// Sends the terminal's master through the Unix stream socket at `path`: one message with the
// descriptor and a short name; then the connection is closed.
Status send_terminal(const std::string& path, Fd master);

// If our output is no terminal, what reads it gets lines as the program writes them: without the
// carriage returns that only a terminal needs (ONLCR). To be called before the program runs.
void keep_line_ends(int master);

// Gives `to` the window size of `from`, if that is a terminal.
void copy_window_size(int from, int to);

// The caller's terminal while the container's is shown on it.
class CallersTerminal {
  public:
    // Not a terminal: then it can always be read, and everything else does nothing.
    explicit CallersTerminal(int fd) : fd_(fd) {}
    CallersTerminal(const CallersTerminal&) = delete;
    CallersTerminal& operator=(const CallersTerminal&) = delete;
    CallersTerminal(CallersTerminal&&) = delete;
    CallersTerminal& operator=(CallersTerminal&&) = delete;
    ~CallersTerminal() { give_back(); }

    // False in the background: then the terminal's input and settings are for others.
    [[nodiscard]] bool is_ours() const;
    // In the foreground only. Every character goes to the container.
    void make_raw();
    [[nodiscard]] bool is_raw() const { return saved_ != nullptr; }
    // Restores its settings.
    void give_back();

  private:
    struct Settings;
    int fd_;
    Settings* saved_ = nullptr;
};

}  // namespace sampan
