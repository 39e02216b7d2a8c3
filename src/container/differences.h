// Where a container differs from its config.json now.
#pragma once

#include <vector>

#include "container/observe.h"
#include "spec/leaves.h"

namespace sampan {

// In the order of config.json as we write it; cgroups, mounts and namespaces come last. What cannot
// be read, and what every program changes by itself (its arguments, environment and working
// directory), is not compared. As long as the program does not run, neither is what is only set
// just before it does.
std::vector<Difference> find_differences(const Spec& config,
                                         const Observed& observed,
                                         const Container& container);

// Pure. The observed values in the places that they have in `config`: of arrays, those elements
// that it asks for.
Spec align(const Spec& config, const Observed& observed, ContainerStatus status);

}  // namespace sampan
