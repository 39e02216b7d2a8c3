// Steps of one planner behind those that are there.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace sampan {

// `steps` may be of a narrower variant than `all`, of which each has all alternatives.
template <class Wide, class Steps>
void append(std::vector<Wide>& all, Steps&& steps) {
    for (auto& step : steps) {
        // Moved from what is given up by its owner only.
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
