// --trace, --timings and --debug: what a command does, step by step.
#pragma once

#include "cli/command.h"

namespace sampan {

// To be called before the first step, and after the caller's descriptors were checked, so that what
// is opened here is none of them.
Status watch_if_asked(const Invocation& invocation);
// Writes to the file of --trace what was done so far. A failure is a warning: what was done stays
// done.
void write_trace(const Reporter& reporter);
// The same at the end of a command, and the table of --timings.
void end_watching(const Reporter& reporter);

}  // namespace sampan
