#include "plan/action.h"

namespace sampan {

std::string describe(const Action& action) {
    return std::visit([](const auto& step) { return describe(step); }, action);
}

const std::string& origin_of(const Action& action) {
    return std::visit([](const auto& step) -> const std::string& { return step.origin; }, action);
}

Status apply(const Action& action, Context& context) {
    Status done = std::visit([&context](const auto& step) { return apply(step, context); }, action);
    if (!done) {
        done.error().add_context(describe(action));
        if (!origin_of(action).empty()) done.error().set_pointer(origin_of(action));
    }
    return done;
}

}  // namespace sampan
