#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/output.h"

namespace sampan {

Result<int> run_plan(Invocation& invocation) {
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    TRY(print(print_plan(bundle.plan)));
    return 0;
}

}  // namespace sampan
