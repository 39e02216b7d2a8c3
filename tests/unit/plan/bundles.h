// The example bundles as input of make_plan, and a machine to plan for.
#pragma once

#include <string>
#include <vector>

#include "host/host.h"
#include "plan/plan.h"
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

}  // namespace sampan
