#include "plan/process_plan.h"

#include "linux/program.h"

namespace sampan {

namespace {

// If the caller's groups stay, no others are set.
spec::Process with_groups(const spec::Process& process, bool keeps_groups) {
    spec::Process changed = process;
    if (keeps_groups) changed.user.additional_gids.clear();
    return changed;
}

}  // namespace

Result<ProcessPlan> plan_process(const spec::Process& process,
                                 const Host& host,
                                 const ProcessSurroundings& around,
                                 std::string_view origin,
                                 std::vector<Problem>& warnings) {
    ProcessPlan plan;
    plan.origin = origin;
    plan.own_user_namespace = around.own_user_namespace;
    const CapabilityLimits limits{
        .last = host.last_capability,
        .grantable = around.own_user_namespace ? ~uint64_t{0} : host.capabilities};
    CapabilityPlan capabilities = plan_capabilities(process, limits, origin);
    warnings.insert(warnings.end(), capabilities.warnings.begin(), capabilities.warnings.end());
    plan.credentials =
        TRY(plan_credentials(with_groups(process, around.keeps_groups), capabilities.sets,
                             host.last_capability, around.setgroups_denied, origin));
    plan.credentials.keeps_groups = around.keeps_groups;
    if (around.id_maps != nullptr) TRY(check_ids(plan.credentials, *around.id_maps, origin));
    plan.labels = TRY(plan_labels(process, host, origin));
    plan.rlimits = plan_rlimits(process, origin);
    plan.late_rlimits = take_late_rlimits(plan.rlimits);
    plan.oom_score_adj = plan_oom_score_adj(process, origin);
    plan.scheduler = plan_scheduler(process, origin);
    plan.io_priority = plan_io_priority(process, origin);
    plan.terminal = process.terminal;
    plan.program = Program{process.args, last_of_each(process.env), process.cwd};
    return plan;
}

}  // namespace sampan
