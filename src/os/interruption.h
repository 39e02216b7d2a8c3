// SIGTERM, SIGINT and SIGHUP to a command that has something to undo before it ends.
#pragma once

#include <signal.h>

#include <array>
#include <optional>

#include "base/result.h"

namespace sampan {

// While it lives, the first of these signals kills every child that we own (os/process.h), and
// makes whatever we wait for fail (EINTR), so that what was made is undone as after any failure. A
// second signal ends us at once, as by default. A signal that our caller ignores stays ignored; one
// that is blocked is let in. One at a time.
class Interruptible {
  public:
    Interruptible();
    // Everything is as before, unless a signal came: then the next one ends us. The destructor does
    // the same, for who fails anyway: whoever reads blocked signals later needs to know of a
    // failure.
    Status end();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    Interruptible(Interruptible&&) = delete;
    Interruptible& operator=(Interruptible&&) = delete;

  private:
    static constexpr std::array signals{SIGTERM, SIGINT, SIGHUP};
    std::array<struct sigaction, signals.size()> actions_{};
    std::optional<sigset_t> mask_;  // to be set again
    bool ended_ = false;
};

// From here on nobody knows whose a signal is, since a program is being let go: it cuts short what
// waits, and kills no child yet.
void spare_children();
// That is known now. The program runs: a signal that has come is the program's; we are not
// interrupted, and it comes again at the end of the interruptible part, blocked or not as before.
// Otherwise it does what it does to an interruptible part. That part's end is a stop, too, for a
// program that runs.
enum class LetGo { runs, failed };
void stop_sparing(LetGo program);
// The first of these, while children are spared on.
void leave_signal_to_program();

// After a call that failed: true when it was cut short by a signal (errno is EINTR) and is to be
// made again; false when errno is a reason to fail, as EINTR is once we were interrupted. A signal
// that comes between the look and the wait is not lost: a timer sends further ones.
bool is_to_be_repeated();
// For who has no C library (launch/stub/hook_process.h): not 0 once it need not wait any more.
const volatile int* interruption_flag();

// An error once such a signal has come.
Status check_interruption();
// The signal, if one has come; from then on children live again, those that undo something, and are
// waited for.
std::optional<int> heed_interruption();
// Ends by the signal that has come, as whoever sent it expects; returns when there was none.
void end_as_interrupted();

// For Process: its child is killed when a signal comes, or if one has come already.
void kill_when_interrupted(int pidfd);
void spare_when_interrupted(int pidfd);

}  // namespace sampan
