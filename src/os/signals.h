// Signals: names to numbers, blocking, reading them as descriptors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// "9", "KILL", "SIGKILL", "sigkill", "RTMIN+1", "RTMAX-2"; 0 is the probe of kill(2).
std::optional<int> parse_signal(std::string_view text);

// Blocks all signals that can be blocked, and gives a descriptor from which they are read.
Result<Fd> signals_as_fd();
// The next signal of such a descriptor; blocks.
Result<int> read_signal(int fd);
// A write to a pipe that nobody reads, or beyond the limit of a file's size, fails (EPIPE, EFBIG)
// and does not end the process: it has something to undo. Programs that it executes get the default
// action back.
void let_writes_fail();
// Stops our process group as a terminal does (SIGTSTP, SIGTTIN, SIGTTOU), until SIGCONT comes,
// which stays to be read. All signals are blocked. False when that stops nobody: in a group without
// a parent in its session that would continue it.
bool stop_our_group(int signal);
// Nothing blocked, and the default action for every signal, also for those that our caller ignores
// (CLONE_CLEAR_SIGHAND leaves them ignored): a shell ignores SIGINT for what it starts with "&".
// What let_writes_fail() says holds.
Status reset_signals();
// Our children wait for us when they have ended, also where our caller ignores SIGCHLD (which is
// inherited): until then their pids are nobody else's, and we learn of it.
void keep_ended_children();

}  // namespace sampan
