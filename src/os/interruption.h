// SIGTERM, SIGINT and SIGHUP, for a command that must undo something before it ends.
#pragma once

#include <signal.h>

#include <array>
#include <optional>

#include "base/result.h"

namespace sampan {

// While this object exists, the first of these signals kills every child that we own
// (os/process.h), and makes our waits fail (EINTR), so that what we made is undone as after any
// failure. A second signal ends us at once, as by default. A signal that our caller ignores stays
// ignored; one that is blocked is unblocked. There may be only one such object.
class Interruptible {
  public:
    Interruptible();
    // Restores everything, unless a signal has come: then the next one ends us. The destructor does
    // the same, for callers that fail anyway. Callers that later read blocked signals must call
    // end(), to learn of a failure.
    Status end();
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;
    Interruptible& operator=(const Interruptible&) = delete;
    Interruptible(Interruptible&&) = delete;
    Interruptible& operator=(Interruptible&&) = delete;

  private:
    static constexpr std::array signals{SIGTERM, SIGINT, SIGHUP};
    std::array<struct sigaction, signals.size()> actions_{};
    std::optional<sigset_t> mask_;  // to be restored
    bool ended_ = false;
};

// To be called when a program is about to be let go: from here on nobody knows whether a signal is
// meant for us or for the program. It interrupts our wait, but does not kill a child yet.
void spare_children();
// To be called when that is known. `runs`: a signal that has come is meant for the program. We are
// not interrupted; the signal is raised again at the end of the interruptible part, blocked or not
// as before. `failed`: the signal interrupts us as usual. If the interruptible part ends first, the
// program counts as running.
enum class LetGo { runs, failed };
void stop_sparing(LetGo program);
// For `runs`, while children are still spared.
void leave_signal_to_program();

// To be called after a system call has failed. True if a signal cut the call short (errno is EINTR)
// and the call should be repeated; false if errno is a reason to fail, which EINTR is too once we
// are interrupted. A signal that comes between this check and the next wait is not lost, because a
// timer sends more of them.
bool is_to_be_repeated();
// For code without a C library (launch/stub/hook_process.h): not 0 once it should stop waiting.
const volatile int* interruption_flag();

// An error if such a signal has come.
Status check_interruption();
// Returns the signal, if one has come. From then on new children are not killed, so that they can
// undo things, and we wait for them.
std::optional<int> heed_interruption();
// Ends us by the signal that has come, as its sender expects; returns if there was none.
void end_as_interrupted();

// For Process: its child is killed when a signal comes, or at once if one has come already.
void kill_when_interrupted(int pidfd);
void spare_when_interrupted(int pidfd);

}  // namespace sampan
