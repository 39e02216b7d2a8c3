#include "cli/time_scale.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sampan {

namespace {

constexpr double gap_width = 18;

// Intervals of work, joined where the gap between them is not worth a cut.
std::vector<Interval> join_near(const Timeline& timeline) {
    const int64_t worth_it = std::max<int64_t>(timeline.busy_time() / 3, 1);
    std::vector<Interval> joined;
    for (const Interval& one : timeline.busy)
        if (!joined.empty() && one.begin - joined.back().end < worth_it)
            joined.back().end = one.end;
        else
            joined.push_back(one);
    return joined;
}

// 1, 2 or 5 of a power of ten.
int64_t round_step(int64_t least) {
    for (int64_t power = 1;; power *= 10)
        for (const int64_t factor : {1, 2, 5})
            if (factor * power >= least) return factor * power;
}

}  // namespace

TimeScale::TimeScale(const Timeline& timeline, double left, double right) : left_(left) {
    int64_t shown = 0;
    for (const Interval& one : join_near(timeline)) {
        pieces_.push_back({one, 0});
        shown += one.end - one.begin;
    }
    const double gaps = gap_width * static_cast<double>(pieces_.size() - 1);
    per_nanosecond_ = (right - left - gaps) / static_cast<double>(std::max<int64_t>(shown, 1));
    double x = left;
    for (Piece& piece : pieces_) {
        piece.x = x;
        x += static_cast<double>(piece.time.end - piece.time.begin) * per_nanosecond_ + gap_width;
    }
}

double TimeScale::x(int64_t time) const {
    double x = left_;
    for (const Piece& piece : pieces_) {
        if (time < piece.time.begin) break;
        x = piece.x + static_cast<double>(std::min(time, piece.time.end) - piece.time.begin) *
                          per_nanosecond_;
    }
    return x;
}

std::vector<Tick> TimeScale::ticks() const {
    constexpr double apart = 75;
    const int64_t step = round_step(static_cast<int64_t>(apart / per_nanosecond_));
    std::vector<Tick> ticks;
    for (const Piece& piece : pieces_) {
        const bool first = &piece == &pieces_.front();
        const int64_t length = piece.time.end - piece.time.begin;
        for (int64_t since = first ? 0 : step; since <= length; since += step)
            ticks.push_back({x(piece.time.begin + since), (first ? "" : "+") + short_time(since)});
    }
    return ticks;
}

std::vector<Tick> TimeScale::cuts() const {
    std::vector<Tick> cuts;
    for (size_t i = 1; i < pieces_.size(); ++i)
        cuts.push_back({pieces_[i].x - gap_width / 2,
                        short_time(pieces_[i].time.begin - pieces_[i - 1].time.end)});
    return cuts;
}

std::string short_time(int64_t nanoseconds) {
    struct Unit {
        int64_t size;
        const char* name;
    };
    constexpr std::array units{Unit{1'000'000'000, "s"}, Unit{1'000'000, "ms"}, Unit{1000, "µs"}};
    if (nanoseconds == 0) return "0";
    for (const Unit& unit : units) {
        if (nanoseconds < unit.size) continue;
        const int digits = nanoseconds >= 100 * unit.size  ? 0
                           : nanoseconds >= 10 * unit.size ? 1
                                                           : 2;
        const int64_t scale = digits == 2 ? 100 : digits == 1 ? 10 : 1;
        std::string text = decimal(nanoseconds * scale / unit.size, digits);
        while (text.ends_with('0') && text.contains('.'))
            text.pop_back();
        if (text.ends_with('.')) text.pop_back();
        return format("{} {}", text, unit.name);
    }
    return format("{} ns", nanoseconds);
}

}  // namespace sampan
