// Runs one hook (config.md#posix-platform-hooks), by system calls alone: startContainer hooks are
// run by the stub, which has no C library. The same code runs all other kinds.
#pragma once

#include <cstdint>

namespace sampan::stub {

struct HookRequest {
    const char* path;
    const char* const* arguments;    // ends with a null pointer
    const char* const* environment;  // ends with a null pointer
    int64_t timeout_ms;              // 0: none
    const char* state;               // for its standard input
    uint64_t state_size;
    const char* folder;  // working directory, else "/"; null: as it is
    // For its standard output and error, which are kept in the outcome unless these are valid.
    int output = -1;
    int error = -1;
    int guard = -1;  // a pidfd: when that process ends, the hook is killed; -1: none
    // When it is not 0, we stop waiting for the hook, and kill it. Checked when a signal comes.
    // Null: never.
    const volatile int* interrupted = nullptr;
};

enum class HookEnd : uint32_t {
    exited,        // value: its exit code
    signalled,     // value: the signal
    timed_out,     // killed with its process group
    abandoned,     // the same, because the guarding process has ended
    interrupted,   // the same, because we were asked to end
    not_executed,  // value: errno of execve
    not_started,   // value: errno of a call before it
    not_watched,   // value: errno of feeding it or of waiting for it
    last = not_watched,
};

struct HookOutcome {
    HookEnd end;
    int32_t value;
    uint32_t duration_ms;
    uint32_t output_size;
    // The last bytes of its standard output and error.
    char output[2048];
};

// Fills `outcome`; true if the hook exited with 0.
bool run_hook_process(const HookRequest& request, HookOutcome& outcome);

}  // namespace sampan::stub
