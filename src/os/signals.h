// Signals: names and numbers, blocking, reading them from a descriptor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// "9", "KILL", "SIGKILL", "sigkill", "RTMIN+1", "RTMAX-2". 0 is the signal by which kill(2) only
// checks.
std::optional<int> parse_signal(std::string_view text);

// Blocks all signals that can be blocked, and returns a descriptor from which they are read.
Result<Fd> signals_as_fd();
// The next signal of such a descriptor; blocks.
Result<int> read_signal(int fd);
// From now on a write to a pipe that nobody reads, or beyond the limit of a file's size, fails
// (EPIPE, EFBIG). By default it would end the process, which has something to undo. Programs that
// the process executes get the default action back.
void let_writes_fail();
// Stops our process group as a terminal does (SIGTSTP, SIGTTIN, SIGTTOU), until SIGCONT comes.
// SIGCONT can still be read afterwards. All signals must be blocked. Returns false if the group
// cannot be stopped: nobody could continue it, because none of its processes has a parent in the
// same session.
bool stop_our_group(int signal);
// Unblocks every signal and gives it the default action, even if our caller ignores it (which
// CLONE_CLEAR_SIGHAND leaves so): a shell ignores SIGINT for what it starts with "&".
// let_writes_fail() stays in effect.
Status reset_signals();
// From now on ended children stay until we wait for them, even if our caller ignores SIGCHLD (which
// is inherited). Until then their pids belong to nobody else, and we learn how they ended.
void keep_ended_children();

}  // namespace sampan
