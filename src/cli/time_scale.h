// The horizontal axis of a picture of a trace. Times in which nobody did anything are cut short,
// so that a program that runs for an hour does not make everything before it invisible.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/timeline.h"

namespace sampan {

struct Tick {
    double x = 0;
    std::string label;  // since the first step, "2 ms"; since time was last cut, "+2 ms"
};

class TimeScale {
  public:
    // From `left` to `right` in the picture. There is at least one step.
    TimeScale(const Timeline& timeline, double left, double right);

    [[nodiscard]] double x(int64_t time) const;
    [[nodiscard]] std::vector<Tick> ticks() const;
    // Where time was cut: the middle of each gap, and how long that was.
    [[nodiscard]] std::vector<Tick> cuts() const;

  private:
    struct Piece {
        Interval time;
        double x = 0;
    };
    std::vector<Piece> pieces_;
    double left_;
    double per_nanosecond_ = 0;
};

// "340 µs", "2.5 ms", "3 s": with at most three digits that matter.
std::string short_time(int64_t nanoseconds);

}  // namespace sampan
