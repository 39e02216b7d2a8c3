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

}  // namespace sampan
