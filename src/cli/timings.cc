#include "cli/timings.h"

#include <algorithm>

#include "base/text.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// With three digits after the point.
std::string milliseconds(int64_t nanoseconds) {
    constexpr int64_t half_microsecond = 500;
    constexpr int64_t microsecond = 1000;
    return decimal((nanoseconds + half_microsecond) / microsecond, 3);
}

int64_t duration(const TracedStep& step) {
    return step.end - step.begin;
}

// Who waits is not slow.
const TracedStep* slowest(const std::vector<TracedStep>& steps) {
    const TracedStep* found = nullptr;
    for (const TracedStep& step : steps)
        if (!is_wait(step) && (found == nullptr || duration(step) > duration(*found)))
            found = &step;
    return found;
}

std::string show(const TracedStep& step) {
    return escape_text(format("{}: {}", step.phase, step.step));
}

}  // namespace

std::string timings_table(const Timeline& timeline, std::string_view what) {
    const std::vector<TracedStep>& steps = timeline.steps;
    if (steps.empty()) return format("{}: no step was carried out\n", what);
    const TracedStep* slow = slowest(steps);
    size_t width = 3;
    for (const TracedStep& step : steps)
        width = std::max(width, step.walker.size());
    std::string text =
        format("{:>11} {:>11}  {:<{}}  phase: step\n", "start ms", "took ms", "who", width);
    for (const TracedStep& step : steps)
        text +=
            format("{:>11} {:>11}{} {:<{}}  {}{}\n", milliseconds(step.begin - steps.front().begin),
                   milliseconds(duration(step)), &step == slow ? '*' : ' ', step.walker, width,
                   show(step), step.failed ? " (failed)" : "");
    text += format("{}: {} steps in {} ms", what, steps.size(), milliseconds(timeline.busy_time()));
    if (slow != nullptr)
        text += format("; * took longest, {} ms: {}", milliseconds(duration(*slow)), show(*slow));
    return text + "\n";
}

}  // namespace sampan
