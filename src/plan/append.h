// Adds the steps of one planner to those that are already there.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace sampan {

// The variant of `steps` may be narrower than that of `all`, which must have all its alternatives.
template <class Wide, class Steps>
void append(std::vector<Wide>& all, Steps&& steps) {
    for (auto& step : steps) {
        // Only moves from a container that its owner gives up.
        auto take = [&all](auto& one) {
            if constexpr (std::is_lvalue_reference_v<Steps>)
                all.emplace_back(one);
            else
                all.emplace_back(std::move(one));
        };
        if constexpr (std::is_constructible_v<Wide, decltype(step)>)
            take(step);
        else
            std::visit(take, step);
    }
}

}  // namespace sampan
