#include "os/clock.h"

#include <chrono>

#include "base/text.h"

namespace sampan {

// Not gmtime_r(3), which first reads /etc/localtime.
std::string timestamp() {
    using namespace std::chrono;
    const auto now = time_point_cast<nanoseconds>(system_clock::now());
    const auto day = floor<days>(now);
    const year_month_day date(day);
    const hh_mm_ss time(now - day);
    return format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count(),
                  time.subseconds().count());
}

int64_t seconds_now() {
    using namespace std::chrono;
    return floor<seconds>(system_clock::now()).time_since_epoch().count();
}

std::optional<int64_t> parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    // "2026-01-01T00:00:00…Z"
    constexpr size_t shortest = 20;
    if (text.size() < shortest || text.back() != 'Z') return std::nullopt;
    const auto number = [text](size_t at, size_t digits) {
        return parse_number<unsigned>(text.substr(at, digits));
    };
    const auto year_number = number(0, 4);
    const auto month_number = number(5, 2), day_number = number(8, 2);
    const auto hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!year_number || !month_number || !day_number || !hour || !minute || !second)
        return std::nullopt;
    const year_month_day date(year(static_cast<int>(*year_number)), month(*month_number),
                              day(*day_number));
    if (!date.ok()) return std::nullopt;
    const auto time = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
    return time.time_since_epoch().count();
}

}  // namespace sampan
