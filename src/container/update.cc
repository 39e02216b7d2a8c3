#include "container/update.h"

#include "base/text.h"
#include "cgroup/owner.h"
#include "cgroup/update.h"
#include "container/container.h"
#include "linux/intel_rdt.h"
#include "os/file.h"
#include "spec/unset.h"

namespace sampan {

namespace {

// memory.checkBeforeUpdate of config.json is a property of the container: it applies to each later
// limit, unless that says otherwise.
spec::Resources with_check(spec::Resources resources, const Spec& config) {
    if (!resources.memory || resources.memory->check_before_update) return resources;
    if (config.linux_ && config.linux_->resources && config.linux_->resources->memory)
        resources.memory->check_before_update =
            config.linux_->resources->memory->check_before_update;
    return resources;
}

spec::Resources asked_for(const UpdateRequest& request, const Spec& config) {
    return spec::without_unset(request.resources, request.zero_pids_is_meant
                                                      ? spec::ZeroPids::limit
                                                      : spec::zero_pids_in(config.oci_version));
}

Result<std::vector<CgroupChange>> change_limits(const spec::Resources& resources,
                                                const CgroupRecord& cgroup) {
    if (resources == spec::Resources{}) return {};
    if (cgroup.places.empty()) return fail("the container has no cgroup of its own");
    TRY(check_not_lost(cgroup));
    Result<CgroupPlan> plan =
        plan_update(resources, read_present_limits(cgroup), TRY(existing_directories(cgroup)));
    if (!plan) plan.error().set_kind(ErrorKind::config);
    return apply_update(TRY(std::move(plan)), cgroup);
}

Status change_rdt(const std::vector<std::string>& lines,
                  const Spec& config,
                  const std::string& id) {
    if (lines.empty()) return {};
    const std::optional<JoinRdtGroup> step = plan_intel_rdt(config, id);
    if (!step) return fail_at("/linux/intelRdt", "the container was made without intelRdt");
    const std::string root = TRY(find_resctrl());
    return update_rdt_group(*step, lines, root).at(step->origin);
}

}  // namespace

Status update_container(const Store& store, const std::string& name, const UpdateRequest& request) {
    const LockedContainer locked = TRY(lock_for(Operation::update, store, name));
    const Record& record = locked.container.record;
    const Spec config = TRY(read_kept_config(locked.container.folder));
    const std::vector<CgroupChange> changed =
        TRY(change_limits(with_check(asked_for(request, config), config), record.cgroup));
    Status rdt = change_rdt(request.rdt_lines, config, record.id);
    if (rdt) return {};
    Error error = std::move(rdt).error();
    if (const Status back = take_back(changed); !back)
        error.set_hint("not everything is as before: " + back.error().message());
    return Failure(std::move(error));
}

}  // namespace sampan
