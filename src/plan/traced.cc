#include "plan/traced.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "plan/step.h"

namespace sampan {

namespace {

struct ToldStep {
    size_t number = 0;
    int64_t begin = 0;
};
// The one that the stub has begun last.
constinit std::optional<ToldStep> last_told = std::nullopt;

}  // namespace

Status carry_out_traced(const Phase& phase,
                        const std::string& text,
                        const std::function<Status()>& carry_out) {
    const size_t number = begin_step(name_of(phase.walker), phase.name, text);
    Status done = carry_out();
    end_step(number, !done);
    return done;
}

std::string told_step(const Phase& phase, const std::string& text) {
    return format("{}\n{}", phase.name, text);
}

void trace_told_step(std::string_view told, int64_t time) {
    if (!is_traced()) return;
    // A stub that waits for the next `start` has told its last step to another command.
    const int64_t now = trace_time();
    const int64_t earliest = last_told ? last_told->begin : trace_begin();
    const int64_t begin = std::clamp(time, std::min(earliest, now), now);
    if (last_told) end_step(last_told->number, false, begin);
    const size_t end = std::min(told.find('\n'), told.size());
    const std::string_view step = told.substr(std::min(end + 1, told.size()));
    last_told = {begin_step(name_of(Walker::stub), told.substr(0, end), step, begin), begin};
}

void end_told_steps(bool failed) {
    if (last_told) end_step(last_told->number, failed);
    last_told.reset();
}

}  // namespace sampan
