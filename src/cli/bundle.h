// What create, run and plan have in common: they read and plan a bundle with their options.
#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "container/store.h"
#include "plan/plan.h"
#include "spec/spec.h"

namespace sampan {

struct PlannedBundle {
    SpecFile file;
    Plan plan;
};

// NOTIFY_SOCKET of our caller; "" if it has none.
std::string notify_socket();

// The bundle is --bundle, or the first argument if it has a slash. The ID is the argument, or --id,
// or the name of the bundle's folder. Warnings are reported.
Result<PlannedBundle> plan_bundle(Invocation& invocation);

// The store of --root. If its place is doubtful, that is reported.
Result<Store> store_to_create_in(Invocation& invocation);

}  // namespace sampan
