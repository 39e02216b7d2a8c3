#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/output.h"
#include "container/preflight.h"

namespace sampan {

Result<int> run_plan(Invocation& invocation) {
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    const Plan& plan = bundle.plan;
    const spec::Findings absent = find_absent(bundle.file.spec, plan);
    invocation.reporter.warnings(absent.problems);
    invocation.reporter.warnings(absent.warnings);
    TRY(print(invocation.parsed.has("json") ? phases_as_json(plan.id, plan.phases) + "\n"
                                            : print_phases(plan.phases)));
    return 0;
}

}  // namespace sampan
