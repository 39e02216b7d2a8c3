#include "cli/timeline.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "plan/step.h"

namespace sampan {

namespace {

int64_t first_of_stub(const std::vector<TracedStep>& steps, size_t after) {
    for (size_t i = after + 1; i < steps.size(); ++i)
        if (steps[i].walker == name_of(Walker::stub)) return steps[i].begin;
    return 0;
}

// The process that begins its last step so becomes the stub.
bool becomes_stub(const TracedStep& step) {
    return step.walker == name_of(Walker::init) || step.walker == name_of(Walker::between);
}

void add_interval(std::vector<Interval>& busy, const TracedStep& step) {
    if (busy.empty() || step.begin > busy.back().end)
        busy.push_back({step.begin, step.end});
    else
        busy.back().end = std::max(busy.back().end, step.end);
}

}  // namespace

int64_t Timeline::busy_time() const {
    int64_t sum = 0;
    for (const Interval& one : busy)
        sum += one.end - one.begin;
    return sum;
}

Timeline make_timeline(std::vector<TracedStep> steps, int64_t now) {
    std::ranges::stable_sort(steps, {}, &TracedStep::begin);
    Timeline timeline{.steps = std::move(steps), .busy = {}};
    for (size_t i = 0; i < timeline.steps.size(); ++i) {
        TracedStep& step = timeline.steps[i];
        if (step.end == 0 && becomes_stub(step)) step.end = first_of_stub(timeline.steps, i);
        if (step.end == 0) step.end = now;
        // The clock may have been set meanwhile.
        step.end = std::max(step.begin, step.end);
        add_interval(timeline.busy, step);
    }
    return timeline;
}

std::vector<TracedPhase> phases_of(const Timeline& timeline) {
    std::vector<TracedPhase> phases;
    std::map<std::pair<std::string_view, std::string_view>, size_t> places;
    for (const TracedStep& step : timeline.steps) {
        const auto [at, is_new] = places.try_emplace({step.walker, step.phase}, phases.size());
        if (is_new) phases.push_back({step.walker, step.phase, {step.begin, step.end}, {}});
        TracedPhase& phase = phases[at->second];
        phase.time.end = std::max(phase.time.end, step.end);
        phase.steps.push_back(&step);
    }
    return phases;
}

bool is_wait(const TracedStep& step) {
    return step.step.starts_with("wait ");
}

std::string decimal(int64_t value, int digits) {
    int64_t unit = 1;
    for (int i = 0; i < digits; ++i)
        unit *= 10;
    return format("{}.{:0{}}", value / unit, value % unit, digits);
}

}  // namespace sampan
