#include "cli/trace_events.h"

#include <map>

#include "base/text.h"
#include "spec/json.h"

namespace sampan {

namespace {

// The format has microseconds.
std::string microseconds(int64_t nanoseconds) {
    return decimal(nanoseconds, 3);
}

// The walkers, numbered in the order of their first steps.
class Lanes {
  public:
    explicit Lanes(pid_t pid) : pid_(pid) {}

    // "pid":1,"tid":2; the name of the lane comes first.
    std::string place(std::string_view walker, std::string& text) {
        const auto [at, is_new] = numbers_.try_emplace(walker, numbers_.size() + 1);
        const std::string place = format("\"pid\":{},\"tid\":{}", pid_, at->second);
        if (!is_new) return place;
        text += format("{{\"name\":\"thread_name\",\"ph\":\"M\",{},\"args\":{{\"name\":{}}}}},\n",
                       place, json_string(walker));
        text += format(
            "{{\"name\":\"thread_sort_index\",\"ph\":\"M\",{},\"args\":{{\"sort_index\":{}}}}},\n",
            place, at->second);
        return place;
    }

  private:
    pid_t pid_;
    std::map<std::string_view, size_t> numbers_;
};

struct Event {
    std::string_view name;
    std::string_view category;
    Interval time;
};

std::string event_head(const Event& event, const std::string& place) {
    return format("{{\"name\":{},\"cat\":\"{}\",\"ph\":\"X\",\"ts\":{},\"dur\":{},{}",
                  json_string(event.name), event.category, microseconds(event.time.begin),
                  microseconds(event.time.end - event.time.begin), place);
}

std::string step_event(const TracedStep& step, const std::string& place) {
    return event_head({step.step, is_wait(step) ? "wait" : "step", {step.begin, step.end}}, place) +
           format(",\"args\":{{\"walker\":{},\"phase\":{}{}}}}},\n", json_string(step.walker),
                  json_string(step.phase), step.failed ? ",\"failed\":true" : "");
}

}  // namespace

std::string trace_events(const Timeline& timeline, const TracedCommand& command, bool begin_array) {
    const std::string_view begin = trace_events_begin.substr(begin_array ? 0 : 2);  // without [\n
    std::string text = format("{}{},\"args\":{{\"name\":{}}}}},\n", begin, command.pid,
                              json_string("sampan " + command.name));
    Lanes lanes(command.pid);
    for (const TracedPhase& phase : phases_of(timeline)) {
        const std::string place = lanes.place(phase.walker, text);
        text += event_head({phase.name, "phase", phase.time}, place) + "},\n";
        for (const TracedStep* step : phase.steps)
            text += step_event(*step, place);
    }
    return text;
}

}  // namespace sampan
