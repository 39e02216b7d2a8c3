// --trace FILE: what was done, in the trace event format that Perfetto and chrome://tracing read.
// It is the form of an array, which need not be closed, so that several commands can append to one
// file.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "cli/timeline.h"

namespace sampan {

// The command whose steps these are: "create web", and its pid.
struct TracedCommand {
    std::string name;
    pid_t pid = 0;
};

// How each file of events begins.
inline constexpr std::string_view trace_events_begin =
    "[\n{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":";

// A line for each event; begins with a new array unless others have begun it. A walker is a thread
// of the command, a phase is an event around its steps.
std::string trace_events(const Timeline& timeline, const TracedCommand& command, bool begin_array);

}  // namespace sampan
