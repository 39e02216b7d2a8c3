// SIGTERM, SIGINT and SIGHUP to a command that has something to undo before it ends.
#pragma once

#include <signal.h>

#include <array>
#include <optional>

#include "base/result.h"

namespace sampan {

// While it lives, the first of these signals kills every child that we own (os/process.h), so that
// whoever waits for one fails, and what was made is undone as after any failure. A second signal
// ends us at once, as by default. A signal that our caller ignores stays ignored; one that is
// blocked is let in. One at a time.
class Interruptible {
  public:
    Interruptible();
    // Everything is as before, unless a signal came: then the next one ends us.
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    Interruptible(Interruptible&&) = delete;
    Interruptible& operator=(Interruptible&&) = delete;

  private:
    static constexpr std::array signals{SIGTERM, SIGINT, SIGHUP};
    std::array<struct sigaction, signals.size()> actions_{};
    sigset_t mask_{};
};

// An error once such a signal has come.
Status check_interruption();
// The signal, if one has come; from then on children live again, those that undo something.
std::optional<int> heed_interruption();
// Ends by the signal that has come, as whoever sent it expects; returns when there was none.
void end_as_interrupted();

// For Process: its child is killed when a signal comes, or if one has come already.
void kill_when_interrupted(int pidfd);
void spare_when_interrupted(int pidfd);

}  // namespace sampan
