// Steps of one planner, as actions, behind those that are there.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "plan/action.h"

namespace sampan {

template <class Steps>
void append(std::vector<Action>& actions, Steps&& steps) {
    for (auto& step : steps) {
        if constexpr (requires { std::visit([](auto&&) {}, step); }) {
            std::visit([&actions](auto& one) { actions.emplace_back(std::move(one)); }, step);
        } else {
            actions.emplace_back(std::move(step));
        }
    }
}

}  // namespace sampan
