#include <sched.h>

#include <algorithm>

#include "cgroup/limits.h"
#include "linux/labels.h"
#include "linux/seccomp_names.h"
#include "mounts/notify_mount.h"
#include "mounts/rootfs.h"
#include "os/path.h"
#include "plan/append.h"
#include "plan/phases.h"
#include "plan/plan.h"
#include "spec/annotations.h"

namespace sampan {

namespace {

Status plan_identity(const Spec& spec, const Host& host, Plan& plan, Parts& parts) {
    plan.namespaces = plan_namespaces(spec);
    plan.id_maps = plan_id_maps(spec);
    parts.time_offsets = plan_time_offsets(spec);
    parts.net_devices = TRY(plan_net_devices(spec));
    plan.id_map_rights = id_map_rights(host);
    if (plan.namespaces.separate(CLONE_NEWUSER) || host.is_privileged()) return {};
    return fail_at(
        "/linux/namespaces", "without root's capabilities a container needs a user namespace",
        format("add {{\"type\": \"user\"}} to /linux/namespaces, and to /linux "
               "\"uidMappings\": [{{\"containerID\": 0, \"hostID\": {}, \"size\": 1}}] and "
               "\"gidMappings\": [{{\"containerID\": 0, \"hostID\": {}, \"size\": 1}}], as "
               "`sampan spec --rootless` does",
               host.euid, host.egid));
}

size_t next_slot(const Parts& parts) {
    size_t slot = root_source_slot;
    for (const std::vector<OpenSource>* sources : {&parts.sources, &parts.inner_sources})
        for (const OpenSource& source : *sources)
            slot = std::max(slot, source.slot);
    return slot + 1;
}

Status plan_all_devices(const Spec& spec, const Host& host, Parts& parts) {
    std::vector<DeviceStep> steps = plan_devices(spec, host);
    for (OpenSource& node : TRY(plan_device_nodes(steps, spec, host, next_slot(parts))))
        parts.sources.push_back(std::move(node));
    append(parts.setup, steps);
    return {};
}

// After the mounts of config.json, so that a mount on /run does not hide it. Does nothing without a
// service manager.
void plan_notification(const Spec& spec, const Request& request, Plan& plan, Parts& parts) {
    std::optional<NotifyPlan> notify = plan_notify(spec, request.notify_folder, next_slot(parts));
    if (!notify) return;
    plan.notify_folder = request.notify_folder;
    parts.sources.push_back(std::move(notify->source));
    parts.setup.emplace_back(std::move(notify->mount));
}

Status plan_limits_of(const Spec& spec, const Host& host, const Request& request, Plan& plan) {
    plan.cgroup = TRY(plan_cgroup(spec, host, request.cgroup_manager, request.id));
    plan.rdt_group = plan_intel_rdt(spec, request.id);
    if (spec.linux_ && spec.linux_->resources && !plan.cgroup.directories.empty())
        plan.warnings = limits_passed_over(*spec.linux_->resources, plan.cgroup.directories);
    return {};
}

std::vector<SendPidfd> plan_pidfd_receivers(const Spec& spec, const Request& request) {
    std::vector<SendPidfd> receivers;
    if (!request.pidfd_socket.empty()) receivers.push_back({request.pidfd_socket, ""});
    if (const auto path = spec::find_annotation(spec, spec::pidfd_receiver))
        receivers.push_back({*path, spec::place_of_annotation(spec::pidfd_receiver)});
    return receivers;
}

// In the order in which init carries them out.
Status plan_root_and_mounts(
    const Spec& spec, const Host& host, const Request& request, Plan& plan, Parts& parts) {
    RootPlan root = plan_root(spec, host, request.bundle, request.root_switch);
    MountPlan mounts = TRY(plan_mounts(spec, host, request.bundle));
    for (std::vector<OpenSource>* sources : {&root.sources, &mounts.sources})
        for (OpenSource& source : *sources)
            (source.view == SourceView::host ? parts.sources : parts.inner_sources)
                .push_back(std::move(source));
    // First cut off from the host, so that nothing that is mounted later reaches it.
    append(parts.setup, root.setup);
    append(parts.setup, mounts.setup);
    plan.warnings.insert(plan.warnings.end(), mounts.warnings.begin(), mounts.warnings.end());
    plan_notification(spec, request, plan, parts);
    // After the mounts, which may bring a /dev of their own; before anything becomes read-only.
    TRY(plan_all_devices(spec, host, parts));
    append(parts.setup, plan_console(spec));
    // The last of the mounts, so that nothing is mounted over a mask; while the old root, which
    // supplies /dev/null, is still there.
    const std::string label = TRY(plan_mount_label(spec, host));
    append(parts.setup, plan_masked_paths(spec, label_option(spec, label)));
    append(parts.pivot, root.pivot);
    append(parts.pivot, mounts.pivot);
    return {};
}

Result<Plan> plan_all(const Spec& spec, const Host& host, const Request& request) {
    Plan plan;
    Parts parts;
    plan.id = request.id;
    plan.bundle = request.bundle;
    plan.hooks = spec.hooks;
    plan.annotations = spec.annotations;
    plan.new_keyring = request.new_keyring;
    plan.listen_fds = request.listen_fds;
    if (spec.linux_) plan.seccomp = spec.linux_->seccomp;
    TRY(check_known_calls(spec));

    TRY(plan_identity(spec, host, plan, parts));
    TRY(plan_limits_of(spec, host, request, plan));
    parts.setup.emplace_back(ResetCpuAffinity{});
    if (request.new_keyring) parts.setup.emplace_back(plan_keyring(spec.process, request.id));
    if (plan.namespaces.creates(CLONE_NEWNET)) parts.setup.emplace_back(BringLoopbackUp{});
    TRY(plan_root_and_mounts(spec, host, request, plan, parts));
    append(parts.seal, plan_uts(spec));
    append(parts.seal, plan_sysctl(spec));
    if (auto step = plan_personality(spec)) parts.seal.emplace_back(std::move(*step));
    // After the last file is copied or made: the policy is for the container's memory, not for what
    // this work takes.
    if (auto step = TRY(plan_memory_policy(spec))) parts.seal.emplace_back(std::move(*step));
    const ProcessSurroundings around{
        .own_user_namespace = plan.namespaces.separate(CLONE_NEWUSER),
        .setgroups_denied = plan.id_maps && denies_setgroups(*plan.id_maps, plan.id_map_rights),
        .keeps_groups = spec::is_switched_on(spec, spec::keep_original_groups),
        .id_maps = plan.id_maps ? &*plan.id_maps : nullptr};
    plan.process.own_user_namespace = around.own_user_namespace;
    if (spec.process)
        plan.process = TRY(plan_process(*spec.process, host, around, "/process", plan.warnings));
    plan.process.root = clean_path(root_path(spec, request.bundle));
    if (!plan.notify_folder.empty()) plan.process.program->env.emplace_back(notify_variable);
    parts.pidfd_receivers = plan_pidfd_receivers(spec, request);
    plan.phases = create_phases(plan, std::move(parts), request);
    return plan;
}

}  // namespace

Result<Plan> make_plan(const Spec& spec, const Host& host, const Request& request) {
    Result<Plan> plan = plan_all(spec, host, request);
    if (!plan) plan.error().set_kind(ErrorKind::config);
    return plan;
}

}  // namespace sampan
