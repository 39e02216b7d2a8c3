#include "cli/timeline.h"

#include <doctest/doctest.h>

#include "cli/time_scale.h"
#include "cli/timings.h"
#include "cli/trace_events.h"
#include "cli/trace_svg.h"

using namespace sampan;

namespace {

constexpr int64_t ms = 1'000'000;

TracedStep step(
    int64_t begin, int64_t end, const char* walker, const char* phase, const char* text) {
    return {.begin = begin,
            .end = end,
            .failed = false,
            .walker = walker,
            .phase = phase,
            .step = text};
}

Timeline example() {
    return make_timeline({step(0, 2 * ms, "create", "clone", "clone init"),
                          step(2 * ms, 9 * ms, "create", "commit", "wait until init is ready"),
                          step(3 * ms, 4 * ms, "init", "mounts", "bind <a> & b"),
                          step(4 * ms, 0, "init", "process", "execute the stub"),
                          step(7 * ms, 8 * ms, "stub", "user", "run as uid 0")},
                         10 * ms);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

size_t count(const std::string& text, std::string_view part) {
    size_t found = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("timeline: what the stub told late stands where it began") {
    const Timeline timeline =
        make_timeline({step(5, 6, "create", "a", "later"), step(1, 2, "stub", "b", "earlier")}, 9);
    CHECK(timeline.steps[0].step == "earlier");
    CHECK(timeline.steps[1].step == "later");
}

TEST_CASE("timeline: the step that executes the stub ends with the first step of the stub") {
    CHECK(example().steps[3].end == 7 * ms);
}

TEST_CASE("timeline: a step without an end goes on until now, and never ends before it begins") {
    CHECK(
        make_timeline({step(3, 0, "stub", "user", "wait until it is recorded")}, 9).steps[0].end ==
        9);
    CHECK(make_timeline({step(30, 20, "create", "a", "the clock was set")}, 40).steps[0].end == 30);
}

TEST_CASE("timeline: time in which nobody did anything does not count") {
    const Timeline timeline =
        make_timeline({step(0, 4, "create", "a", "x"), step(3, 6, "init", "b", "y"),
                       step(100, 105, "delete", "c", "z")},
                      200);
    CHECK(timeline.busy == std::vector<Interval>{{0, 6}, {100, 105}});
    CHECK(timeline.busy_time() == 11);
}

TEST_CASE("timeline: the steps of a phase belong together, whoever works between them") {
    const Timeline timeline =
        make_timeline({step(0, 1, "create", "a", "1"), step(1, 2, "init", "b", "2"),
                       step(2, 5, "create", "a", "3")},
                      9);
    const std::vector<TracedPhase> phases = phases_of(timeline);
    REQUIRE(phases.size() == 2);
    CHECK(phases[0].steps.size() == 2);
    CHECK(phases[0].time == Interval{0, 5});
}

TEST_CASE("timings: a line for each step, the slowest that does not wait is marked") {
    const std::string table = timings_table(example(), "create web");
    CHECK(has(table, "      2.000       7.000  create  commit: wait until init is ready\n"));
    CHECK(has(table, "      4.000       3.000* init    process: execute the stub\n"));
    CHECK(
        has(table, "create web: 5 steps in 9.000 ms; * took longest, 3.000 ms: process: execute"));
}

TEST_CASE("timings: without a step there is no table") {
    CHECK(timings_table(make_timeline({}, 0), "start web") ==
          "start web: no step was carried out\n");
}

TEST_CASE("trace events: complete events in microseconds, around them their phase") {
    const std::string text = trace_events(example(), {"create web", 42}, true);
    CHECK(text.starts_with(trace_events_begin));
    CHECK(text.starts_with("[\n"));
    CHECK(has(
        text,
        R"({"name":"clone","cat":"phase","ph":"X","ts":0.000,"dur":2000.000,"pid":42,"tid":1},)"));
    CHECK(has(text, R"({"name":"bind <a> & b","cat":"step","ph":"X","ts":3000.000,"dur":1000.000,)"
                    R"("pid":42,"tid":2,"args":{"walker":"init","phase":"mounts"}},)"));
    CHECK(has(text, R"("cat":"wait")"));
    CHECK(count(text, "thread_name") == 3);
    CHECK(text.ends_with(",\n"));
}

TEST_CASE("trace events: what is appended begins no new array; a failed step says so") {
    TracedStep failed = step(1, 2, "init", "mounts", "x");
    failed.failed = true;
    const std::string text = trace_events(make_timeline({failed}, 3), {"start web", 1}, false);
    CHECK(text.starts_with("{"));
    CHECK(has(text, R"("failed":true)"));
}

TEST_CASE("time scale: idle time is cut short, work keeps its proportions") {
    const Timeline timeline = make_timeline(
        {step(0, 10 * ms, "create", "a", "x"), step(5000 * ms, 5010 * ms, "delete", "b", "y")}, 0);
    const TimeScale scale(timeline, 100, 518);
    CHECK(scale.x(0) == doctest::Approx(100));
    CHECK(scale.x(10 * ms) == doctest::Approx(300));
    CHECK(scale.x(5000 * ms) == doctest::Approx(318));
    CHECK(scale.x(5010 * ms) == doctest::Approx(518));
    REQUIRE(scale.cuts().size() == 1);
    CHECK(scale.cuts()[0].label == "4.99 s");
    CHECK(scale.ticks()[1].label == "5 ms");
    CHECK(scale.ticks().back().label == "+10 ms");
}

TEST_CASE("time scale: ticks are round and do not collide") {
    const TimeScale scale(example(), 0, 900);
    const std::vector<Tick> ticks = scale.ticks();
    REQUIRE(ticks.size() > 3);
    CHECK(ticks[1].label == "1 ms");
    for (size_t i = 1; i < ticks.size(); ++i)
        CHECK(ticks[i].x - ticks[i - 1].x >= 70);
}

TEST_CASE("time scale: a single step without a duration has a place") {
    const TimeScale scale(make_timeline({step(5, 5, "create", "a", "x")}, 5), 10, 20);
    CHECK(scale.x(5) == doctest::Approx(10));
    CHECK_FALSE(scale.ticks().empty());
}

TEST_CASE("short times have at most three digits that matter") {
    CHECK(short_time(0) == "0");
    CHECK(short_time(999) == "999 ns");
    CHECK(short_time(12'340) == "12.3 µs");
    CHECK(short_time(2'500'000) == "2.5 ms");
    CHECK(short_time(345'678'901) == "345 ms");
    CHECK(short_time(3'000'000'000) == "3 s");
}

TEST_CASE("picture: each step has its whole text, with nothing that XML would take for itself") {
    const std::string svg = trace_svg(example(), "sampan create <web>");
    CHECK(has(svg, "bind &lt;a&gt; &amp; b"));
    CHECK(has(svg, "sampan create &lt;web&gt;"));
    CHECK(has(svg, "prefers-color-scheme:dark"));
    CHECK_FALSE(has(svg, "var("));  // which only browsers know
    CHECK(svg.starts_with(trace_svg_begin));
    CHECK(svg.ends_with("</svg>\n"));
}

TEST_CASE("picture: a long text goes on in the next line, and loses nothing") {
    std::string words;
    for (int i = 0; i < 60; ++i)
        words += "word" + std::to_string(i) + " ";
    const std::string svg = trace_svg(
        make_timeline({step(0, 5, "init", "p", (words + std::string(300, 'x')).c_str())}, 5), "t");
    for (int i = 0; i < 60; ++i)
        CHECK(has(svg, "word" + std::to_string(i) + " "));
    CHECK(count(svg, "x") >= 300);
    CHECK_FALSE(has(svg, std::string(120, 'x')));
}

TEST_CASE("picture: control characters and broken UTF-8 of a container are escaped") {
    const std::string svg =
        trace_svg(make_timeline({step(0, 5, "stub", "p", "a\x1b[1m\xff")}, 5), "t");
    CHECK(has(svg, "a\\x1b[1m\\xff"));
}

TEST_CASE("picture: without a step it is a picture nevertheless") {
    CHECK(trace_svg(make_timeline({}, 0), "t").ends_with("</svg>\n"));
}
