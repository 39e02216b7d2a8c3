// The registers of a process that is stopped at a system call.
#pragma once

#include <sys/types.h>

namespace faults {

// At the entry: the kernel does not carry out the call.
void skip_call(pid_t pid);
// At the exit: the call has failed.
void set_error(pid_t pid, int code);

}  // namespace faults
