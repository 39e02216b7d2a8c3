#include "cli/list_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "spec/suggest.h"
#include "spec/tables.h"

namespace sampan {

namespace {

struct TimeUnit {
    int64_t seconds;
    const char* name;
};
constexpr int64_t day_of_seconds = int64_t{24} * 60 * 60;
constexpr std::array<TimeUnit, 7> time_units{{{365 * day_of_seconds, "year"},
                                              {30 * day_of_seconds, "month"},
                                              {7 * day_of_seconds, "week"},
                                              {day_of_seconds, "day"},
                                              {60 * 60, "hour"},
                                              {60, "minute"},
                                              {1, "second"}}};

std::vector<std::string_view> known_statuses() {
    std::vector<std::string_view> known;
    for (const spec::Word& word : spec::words_of<spec::ContainerStatus>().words)
        known.emplace_back(word.text);
    known.push_back(broken_status);
    known.push_back(unreadable_status);
    return known;
}

Result<std::string> check_status(std::string_view status) {
    const std::vector<std::string_view> known = known_statuses();
    if (std::ranges::find(known, status) != known.end()) return std::string(status);
    const std::vector<std::string> words(known.begin(), known.end());
    return failf(ErrorKind::usage, "--filter: a status is one of {}, not \"{}\"", join(words, ", "),
                 status)
        .hint(did_you_mean(status, known));
}

}  // namespace

std::string ago(int64_t seconds) {
    for (const TimeUnit& unit : time_units) {
        const int64_t count = seconds / unit.seconds;
        if (count > 0) return format("{} {}{} ago", count, unit.name, count == 1 ? "" : "s");
    }
    return "0 seconds ago";
}

Result<std::vector<std::string>> parse_status_filters(const std::vector<std::string>& filters) {
    constexpr std::string_view key = "status=";
    std::vector<std::string> statuses;
    for (const std::string_view filter : filters) {
        if (!filter.starts_with(key))
            return failf(ErrorKind::usage, "--filter is status=STATUS, not \"{}\"", filter);
        for (const std::string_view status : split(filter.substr(key.size()), ','))
            statuses.push_back(TRY(check_status(status)));
    }
    return statuses;
}

}  // namespace sampan
