#include "cli/bundle.h"
#include "cli/command.h"

namespace sampan {

Result<int> run_plan(Invocation& invocation) {
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    print(print_plan(bundle.plan));
    return 0;
}

}  // namespace sampan
