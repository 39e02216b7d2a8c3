// How the steps of a plan come into a trace (os/trace.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/trace.h"

namespace sampan {

struct Phase;

// A step that is carried out: `text` describes it.
Status carry_out_traced(const Phase& phase,
                        const std::string& text,
                        const std::function<Status()>& carry_out);

// What the stub tells when it begins a step, and what becomes of it: the step before it has ended
// by then. The container may tell the same, so it is text and nothing else. `time` is the stub's:
// one before the trace began, or in the future, is corrected.
std::string told_step(const Phase& phase, const std::string& text);
void trace_told_step(std::string_view told, int64_t time);
// The stub has ended, or has executed the program: so has its last step.
void end_told_steps(bool failed);

}  // namespace sampan
