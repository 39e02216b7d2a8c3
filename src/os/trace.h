// A trace of what is done, for people and tests: each step, with its beginning and its end. It is
// kept in memory that a command shares with the processes that it clones, so that it has the steps
// of all of them, and none of them needs the file that the command writes in the end. The stub is
// another program: it tells its steps to the command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

struct TracedStep {
    // Nanoseconds of CLOCK_REALTIME, the only clock that no time namespace changes.
    int64_t begin = 0;
    int64_t end = 0;  // 0: has not ended, or ended with the execution of something else
    bool failed = false;
    std::string walker;
    std::string phase;
    std::string step;
};

// The time of a trace.
int64_t trace_time();

// From now on steps are kept, in this process and in those that it clones.
Status start_trace();
// The time when it was started.
int64_t trace_begin();
// Called when a step begins, in the process that carries it out.
using StepListener = void (*)(std::string_view walker,
                              std::string_view phase,
                              std::string_view step);
void tell_steps_to(StepListener listener);

[[nodiscard]] bool is_traced();

// Returns what end_step() takes. Texts that are too long are cut.
size_t begin_step(std::string_view walker,
                  std::string_view phase,
                  std::string_view step,
                  int64_t time = trace_time());
void end_step(size_t number, bool failed, int64_t time = trace_time());

// All steps so far, in the order in which they were begun. There is room for some thousands; those
// after them are left out.
std::vector<TracedStep> traced_steps();

}  // namespace sampan
