#include "cli/trace_svg.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/time_scale.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// In pixels. The letters of step labels all have one width, so that it is known where a line ends.
constexpr double width = 1240;
constexpr double margin = 20;
constexpr double letter_width = 6.7;
constexpr double line_height = 16;
constexpr double lane_left = 110;
constexpr double chart_left = 590;
constexpr double chart_right = width - margin - 60;  // a duration stands on the right of its bar
constexpr double lane_height = 37;
constexpr double lane_bar = 14;
constexpr double step_left = margin + 18;
constexpr auto letters_in_line = static_cast<size_t>((chart_left - 16 - step_left) / letter_width);

// Many programs other than browsers know neither variables nor queries: they show it as for light
// surroundings.
constexpr std::string_view style = R"(
text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1d2430}
.step,.took{font:11px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.title{font-size:18px;font-weight:600}.phase{font-weight:600}
.took,.step{paint-order:stroke;stroke:#ffffff;stroke-width:3px}
.faint,.took,.axis{fill:#5d6877}.axis{font-size:11px;text-anchor:middle}
.paper{fill:#ffffff}.grid{stroke:#e3e7ed}.cut{stroke:#5d6877;stroke-dasharray:2 3}
.around{opacity:.22}.wait{opacity:.4}
.create,.exec{fill:#2f6fde}.init,.between{fill:#c8650a}.stub{fill:#8a45b5}.start{fill:#0e8259}
.joiner{fill:#96700a}.opener{fill:#4f7482}.delete{fill:#66707d}.failed{fill:#cf2338}
@media (prefers-color-scheme:dark){
text{fill:#e4e9f0}.took,.step{stroke:#14181f}.faint,.took,.axis{fill:#98a4b3}
.paper{fill:#14181f}.grid{stroke:#2b323d}.cut{stroke:#98a4b3}
.create,.exec{fill:#74a5ff}.init,.between{fill:#f5a04f}.stub{fill:#c792ea}.start{fill:#4fcf9d}
.joiner{fill:#d8b24a}.opener{fill:#8fb5c4}.delete{fill:#a3adb9}.failed{fill:#ff6b7c}}
)";

std::string escape_xml(std::string_view text) {
    std::string escaped;
    for (const char c : escape_text(text)) {
        if (c == '&')
            escaped += "&amp;";
        else if (c == '<')
            escaped += "&lt;";
        else if (c == '>')
            escaped += "&gt;";
        else
            escaped += c;
    }
    return escaped;
}

// Lines of at most that many letters, broken at blanks where there are any.
std::vector<std::string> wrap(std::string_view text, size_t most) {
    std::vector<std::string> lines(1);
    size_t letters = 0;
    size_t blank = 0;  // the place in the last line after its last blank
    while (!text.empty()) {
        const size_t size = std::max<size_t>(1, utf8_length(text));
        if (letters == most) {
            const size_t cut = blank > 0 ? blank : lines.back().size();
            lines.push_back(lines.back().substr(cut));
            lines[lines.size() - 2].resize(cut);
            letters = lines.back().size();
            blank = 0;
        }
        lines.back() += text.substr(0, size);
        if (text[0] == ' ') blank = lines.back().size();
        ++letters;
        text.remove_prefix(size);
    }
    return lines;
}

std::string number(double value) {
    return decimal(static_cast<int64_t>(value * 10 + 0.5), 1);
}

class Picture {
  public:
    Picture(const Timeline& timeline, std::string_view title)
        : timeline_(timeline), phases_(phases_of(timeline)), title_(title) {}
    std::string draw();

  private:
    void text(double x, double y, std::string_view kind, std::string_view words);
    void bar(Interval time,
             const TimeScale& scale,
             double y,
             double height,
             std::string_view kind,
             std::string_view walker);
    void step_bar(const TracedStep& step, const TimeScale& scale, double y, double height);
    void draw_head();
    void draw_axis(const TimeScale& scale, double from, double to);
    void draw_lanes();
    void name_phases(std::vector<const TracedPhase*> phases, const TimeScale& scale, double y);
    void draw_lane(std::string_view walker, const TimeScale& scale);
    void draw_chart();
    void draw_phase(const TracedPhase& phase, const TimeScale& scale);
    void draw_step(const TracedStep& step, const TimeScale& scale);

    const Timeline& timeline_;
    std::vector<TracedPhase> phases_;
    std::string_view title_;
    std::string body_;
    double y_ = 0;
};

void Picture::text(double x, double y, std::string_view kind, std::string_view words) {
    body_ += format("<text x=\"{}\" y=\"{}\" class=\"{}\" xml:space=\"preserve\">{}</text>\n",
                    number(x), number(y), kind, escape_xml(words));
}

void Picture::bar(Interval time,
                  const TimeScale& scale,
                  double y,
                  double height,
                  std::string_view kind,
                  std::string_view walker) {
    constexpr double least = 1.5;
    const double from = scale.x(time.begin);
    body_ += format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\" "
        "class=\"{} {}\"/>\n",
        number(from), number(y), number(std::max(least, scale.x(time.end) - from)), number(height),
        kind, walker);
}

void Picture::step_bar(const TracedStep& step, const TimeScale& scale, double y, double height) {
    bar({step.begin, step.end}, scale, y, height, is_wait(step) ? "wait" : "work",
        step.failed ? "failed" : step.walker);
}

void Picture::draw_head() {
    text(margin, 36, "title", title_);
    text(margin, 58, "faint",
         format("{} steps in {}. Pale bars wait for another process.", timeline_.steps.size(),
                short_time(timeline_.busy_time())));
    y_ = 84;
}

void Picture::draw_axis(const TimeScale& scale, double from, double to) {
    for (const Tick& tick : scale.ticks()) {
        body_ += format("<path class=\"grid\" d=\"M{} {}V{}\"/>\n", number(tick.x), number(from),
                        number(to));
        text(tick.x, from - 5, "axis", tick.label);
    }
    for (const Tick& cut : scale.cuts()) {
        constexpr double half = 50;
        body_ += format("<path class=\"cut\" d=\"M{} {}V{}\"/>\n", number(cut.x), number(from),
                        number(to));
        text(std::min(cut.x, width - half), to + 13, "axis", cut.label + " later");
    }
}

// The names stand above the phases, those of long ones first, as far as there is room: the chart
// has all of them.
void Picture::name_phases(std::vector<const TracedPhase*> phases,
                          const TimeScale& scale,
                          double y) {
    std::ranges::stable_sort(phases, std::greater{}, [](const TracedPhase* phase) {
        return phase->time.end - phase->time.begin;
    });
    std::vector<std::pair<double, double>> taken;
    for (const TracedPhase* phase : phases) {
        const double from = scale.x(phase->time.begin);
        const double to = from + static_cast<double>(phase->name.size() + 1) * letter_width;
        const bool free = std::ranges::none_of(
            taken, [&](const auto& other) { return from < other.second && other.first < to; });
        if (!free || to > width) continue;
        text(from, y, "step", phase->name);
        taken.emplace_back(from, to);
    }
}

void Picture::draw_lane(std::string_view walker, const TimeScale& scale) {
    constexpr double name_height = 15;
    const double bar_y = y_ + name_height;
    text(margin, bar_y + 11, "phase", walker);
    std::vector<const TracedPhase*> phases;
    for (const TracedPhase& phase : phases_) {
        if (phase.walker != walker) continue;
        phases.push_back(&phase);
        bar(phase.time, scale, bar_y, lane_bar, "around", walker);
        for (const TracedStep* step : phase.steps)
            step_bar(*step, scale, bar_y, lane_bar);
    }
    name_phases(std::move(phases), scale, bar_y - 4);
    y_ += lane_height;
}

void Picture::draw_lanes() {
    const TimeScale scale(timeline_, lane_left, width - margin - 8);
    std::vector<std::string_view> walkers;
    for (const TracedPhase& phase : phases_)
        if (std::ranges::find(walkers, phase.walker) == walkers.end())
            walkers.push_back(phase.walker);
    y_ += 12;
    draw_axis(scale, y_, y_ + lane_height * static_cast<double>(walkers.size()));
    for (const std::string_view walker : walkers)
        draw_lane(walker, scale);
    y_ += 30;
}

void Picture::draw_step(const TracedStep& step, const TimeScale& scale) {
    const double bar_y = y_ + 3;
    step_bar(step, scale, bar_y, line_height - 6);
    const double end = std::max(scale.x(step.end), scale.x(step.begin) + 1.5);
    text(end + 5, y_ + 12, "took",
         short_time(step.end - step.begin) + (step.failed ? " failed" : ""));
    for (const std::string& line : wrap(escape_text(step.step), letters_in_line)) {
        text(step_left, y_ + 12, step.failed ? "step failed" : "step", line);
        y_ += line_height;
    }
}

void Picture::draw_phase(const TracedPhase& phase, const TimeScale& scale) {
    body_ += format(
        "<rect x=\"{0}\" y=\"{1}\" width=\"10\" height=\"10\" rx=\"2\" "
        "class=\"{2}\"/>\n",
        number(margin), number(y_ + 6), phase.walker);
    body_ += format(
        "<text x=\"{}\" y=\"{}\"><tspan class=\"phase\">{}</tspan>"
        "<tspan class=\"faint\" dx=\"8\">{}, {}</tspan></text>\n",
        number(step_left), number(y_ + 15), escape_xml(phase.name), phase.walker,
        short_time(phase.time.end - phase.time.begin));
    bar(phase.time, scale, y_ + 8, 6, "around", phase.walker);
    y_ += 22;
    for (const TracedStep* step : phase.steps)
        draw_step(*step, scale);
    y_ += 8;
}

// The grid lies behind the bars, but its height is only known after them.
void Picture::draw_chart() {
    const TimeScale scale(timeline_, chart_left, chart_right);
    const double top = y_;
    const std::string before = std::move(body_);
    body_.clear();
    for (const TracedPhase& phase : phases_)
        draw_phase(phase, scale);
    const std::string chart = std::move(body_);
    body_ = before;
    draw_axis(scale, top, y_);
    body_ += chart;
}

std::string Picture::draw() {
    draw_head();
    if (!timeline_.steps.empty()) {
        draw_lanes();
        draw_chart();
    }
    const std::string height = number(y_ + margin);
    return format(
        "{5}viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n"
        "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n{4}</svg>\n",
        number(width), height, escape_xml(title_), style, body_, trace_svg_begin);
}

}  // namespace

std::string trace_svg(const Timeline& timeline, std::string_view title) {
    return Picture(timeline, title).draw();
}

}  // namespace sampan
