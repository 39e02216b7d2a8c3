// What create, run and plan have in common: a bundle and its options, read and planned.
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

// Our caller's NOTIFY_SOCKET; "": none.
std::string notify_socket();

// The bundle is --bundle, or the first argument when there is a slash in it; the ID is the
// argument, or --id, or the name of the bundle's folder. Warnings are reported.
Result<PlannedBundle> plan_bundle(Invocation& invocation);

// That of --root. A doubt about its place is reported.
Result<Store> store_to_create_in(Invocation& invocation);

}  // namespace sampan
