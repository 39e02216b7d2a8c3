// The example bundles as input of make_plan, and a machine to plan for.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "host/host.h"
#include "plan/plan.h"
#include "plan/step.h"
#include "spec/spec.h"

namespace sampan {

// Root on pure cgroup v2: the same on every machine that runs the tests.
Host made_up_host();

struct Example {
    std::string name;  // "hello", "pod-app"
    Spec spec;
    Request request;
};
std::vector<Example> read_examples();

template <class Kind, class Visit>
void for_each_action(std::span<const Phase> phases, Visit visit) {
    for (const Phase& phase : phases)
        for (const Step& step : phase.steps)
            if (const auto* action = std::get_if<Action>(&step))
                if (const Kind* kind = std::get_if<Kind>(action)) visit(*kind);
}

template <class Kind>
bool has_action(std::span<const Phase> phases) {
    bool has = false;
    for_each_action<Kind>(phases, [&has](const Kind&) { has = true; });
    return has;
}

}  // namespace sampan
