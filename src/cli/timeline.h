// What a command has done, in the form in which a trace is shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/trace.h"

namespace sampan {

struct Interval {
    int64_t begin = 0;
    int64_t end = 0;
    bool operator==(const Interval&) const = default;
};

struct Timeline {
    // In the order in which they began. Each has an end.
    std::vector<TracedStep> steps;
    // When at least one step was being carried out; in order. Between them the container's program
    // ran, or somebody else worked.
    std::vector<Interval> busy;
    [[nodiscard]] int64_t busy_time() const;
};

// Steps that have no end ended when the process became the stub, or have not ended yet at `now`.
// Pure.
Timeline make_timeline(std::vector<TracedStep> steps, int64_t now);

// The steps of one phase, in their order.
struct TracedPhase {
    std::string_view walker;
    std::string_view name;
    Interval time;
    std::vector<const TracedStep*> steps;
};
// In the order in which they began; they point into `timeline`.
std::vector<TracedPhase> phases_of(const Timeline& timeline);

// The process only waited for another one.
bool is_wait(const TracedStep& step);

// `value` divided by 10^digits, with that many digits after the point.
std::string decimal(int64_t value, int digits);

}  // namespace sampan
