// Signals: names and numbers, blocking, reading them from a descriptor.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// "9", "KILL", "SIGKILL", "sigkill", "RTMIN+1", "RTMAX-2". 0 is the signal by which kill(2) only
// checks.
std::optional<int> parse_signal(std::string_view text);

// "SIGTERM"; "signal 40" for one without a name.
std::string signal_name(int signal);

// What a process does with signals: bit N-1 is signal N.
struct SignalSets {
    uint64_t blocked = 0;
    uint64_t ignored = 0;
    uint64_t caught = 0;
    [[nodiscard]] bool catches(int signal) const { return (caught >> (signal - 1) & 1) != 0; }
};
// From the text of /proc/PID/status; of its first thread, as far as blocked ones are concerned.
SignalSets parse_signal_sets(std::string_view status);
// Nothing if the process cannot be examined, or is gone.
std::optional<SignalSets> read_signal_sets(pid_t pid);
// The first process of a pid namespace gets only signals that it catches, or keeps for later.
// Whether `signal`, which would end another process, does nothing there.
bool is_lost_on_first_process(int signal, const SignalSets& sets);

// "HUP", "INT", ...: all that have a name, in the order of their numbers.
std::vector<std::string_view> signal_names();

// Blocks all signals that can be blocked, and returns a descriptor from which they are read.
Result<Fd> signals_as_fd();
// The next signal of such a descriptor; blocks. `typed`: it comes from the kernel, as the Ctrl-C of
// a terminal does, and not from a process.
struct ReceivedSignal {
    int number = 0;
    bool typed = false;
};
Result<ReceivedSignal> read_signal(int fd);
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
