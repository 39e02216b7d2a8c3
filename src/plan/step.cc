#include "plan/step.h"

#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// Of a program with a long script, or of sixty thousand groups. With the name of its phase it fits
// into a stub::Report.
constexpr size_t longest_description = 1900;

void write_step(JsonWriter& writer, const Step& step) {
    writer.begin_object();
    writer.key("step");
    writer.string(describe(step));
    if (const std::string& origin = origin_of(step); !origin.empty()) {
        writer.key("origin");
        writer.string(origin);
    }
    writer.end_object();
}

}  // namespace

Failure failed_in(const Step& step, const Error& error) {
    Failure failure(error);
    failure.error().set_step(describe(step));
    return failure;
}

std::string_view name_of(Walker walker) {
    switch (walker) {
        case Walker::create:
            return "create";
        case Walker::joiner:
            return "joiner";
        case Walker::opener:
            return "opener";
        case Walker::init:
            return "init";
        case Walker::exec:
            return "exec";
        case Walker::between:
            return "between";
        case Walker::stub:
            return "stub";
        case Walker::start:
            return "start";
        case Walker::remove:
            return "delete";
    }
    return "";
}

std::string describe(const Step& step) {
    std::string text = std::visit([](const auto& one) { return describe(one); }, step);
    if (text.size() <= longest_description) return text;
    text.resize(longest_description);
    return text + " …";
}

const std::string& origin_of(const Step& step) {
    static const std::string none;
    return std::visit(
        [](const auto& one) -> const std::string& {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, Action>)
                return origin_of(one);
            else if constexpr (requires { one.origin; })
                return one.origin;
            else
                return none;
        },
        step);
}

std::string print_phases(std::span<const Phase> phases) {
    std::string text;
    for (const Phase& phase : phases) {
        text += format("{}{} ({})\n", text.empty() ? "" : "\n", phase.name, name_of(phase.walker));
        for (const Step& step : phase.steps) {
            const std::string& origin = origin_of(step);
            text += format("  {}", escape_text(describe(step)));
            text += origin.empty() ? "\n" : format("    ({})\n", escape_text(origin));
        }
    }
    return text;
}

std::string phases_as_json(std::string_view id, std::span<const Phase> phases) {
    JsonWriter writer(JsonStyle::indented);
    writer.begin_object();
    writer.key("id");
    writer.string(id);
    writer.key("phases");
    writer.begin_array();
    for (const Phase& phase : phases) {
        writer.begin_object();
        writer.key("name");
        writer.string(phase.name);
        writer.key("walker");
        writer.string(name_of(phase.walker));
        writer.key("steps");
        writer.begin_array();
        for (const Step& step : phase.steps)
            write_step(writer, step);
        writer.end_array();
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return std::move(writer).take();
}

}  // namespace sampan
