#include "plan/exec_plan.h"

#include <sched.h>

#include <algorithm>

#include "base/text.h"
#include "linux/namespaces.h"
#include "linux/seccomp.h"
#include "plan/append.h"
#include "plan/phases.h"
#include "spec/annotations.h"
#include "spec/check.h"

namespace sampan {

namespace {

bool names(const std::vector<std::string>& set, const std::string& capability) {
    return std::ranges::find(set, capability) != set.end();
}

// Never inheritable: such a capability would reach every program whose file has it inheritable,
// whoever runs it (CVE-2022-29162, CVE-2022-27650, CVE-2025-27612). Ambient capabilities must be
// inheritable, so that only those become ambient which config.json made inheritable.
Status add_capabilities(const std::vector<std::string>& added, spec::Process& process) {
    if (added.empty()) return {};
    if (!process.capabilities) process.capabilities.emplace();
    spec::Capabilities& sets = *process.capabilities;
    for (const std::string& name : added) {
        if (!capability_number(name))
            return failf(ErrorKind::usage, "there is no capability \"{}\"", name);
        for (std::vector<std::string>* set : {&sets.bounding, &sets.effective, &sets.permitted})
            if (!names(*set, name)) set->push_back(name);
        if (!sets.ambient.empty() && names(sets.inheritable, name) && !names(sets.ambient, name))
            sets.ambient.push_back(name);
    }
    return {};
}

void set_variable(std::vector<std::string>& env, const std::string& entry) {
    const std::string start = entry.substr(0, entry.find('=')) + "=";
    std::erase_if(env, [&start](const std::string& old) { return old.starts_with(start); });
    env.push_back(entry);
}

void set_user(const ExecRequest& request, spec::User& user) {
    if (request.uid) user.uid = *request.uid;
    if (request.gid) user.gid = *request.gid;
    for (const uint32_t gid : request.additional_gids)
        if (std::ranges::find(user.additional_gids, gid) == user.additional_gids.end())
            user.additional_gids.push_back(gid);
}

Status plan_inside(const Spec& spec,
                   const ExecRequest& request,
                   const ExecPlan& plan,
                   ExecParts& parts) {
    const ExecAffinity affinity = TRY(plan_exec_affinity(plan.process_asked, plan.process.origin));
    parts.initial_affinity = affinity.initial;
    if (affinity.final) parts.inside.emplace_back(*affinity.final);
    // If nothing is said about the affinity, that of the caller must not be inherited.
    if (!plan.process_asked.exec_cpu_affinity) parts.inside.emplace_back(ResetCpuAffinity{});
    if (request.new_keyring)
        parts.inside.emplace_back(plan_keyring(plan.process_asked, request.id));
    append(parts.inside, plan_exec_console(plan.process_asked));
    if (auto step = plan_personality(spec)) parts.inside.emplace_back(std::move(*step));
    if (auto step = TRY(plan_memory_policy(spec))) parts.inside.emplace_back(std::move(*step));
    return {};
}

Status plan_for(const Spec& spec, const Host& host, const ExecRequest& request, ExecPlan& plan) {
    const std::string_view origin = request.file ? "" : "/process";
    // Options have changed it since it was read and checked.
    TRY(spec::check_process_alone(plan.process_asked).first_error(origin));
    const NamespacePlan namespaces = plan_namespaces(spec);
    plan.id_maps = plan_id_maps(spec);
    const bool setgroups_denied =
        plan.id_maps && denies_setgroups(*plan.id_maps, id_map_rights(host));
    plan.process =
        TRY(plan_process(plan.process_asked, host,
                         {.own_user_namespace = namespaces.separate(CLONE_NEWUSER),
                          .setgroups_denied = setgroups_denied,
                          .keeps_groups = spec::is_switched_on(spec, spec::keep_original_groups),
                          .id_maps = plan.id_maps ? &*plan.id_maps : nullptr},
                         origin, plan.warnings));
    append(plan.process.late_rlimits,
           take_process_limit(plan.process.rlimits, host.most_processes));
    if (spec.linux_) plan.seccomp = spec.linux_->seccomp;
    ExecParts parts{.has_filter = plan.seccomp.has_value(),
                    .has_agent = plan.seccomp && notifies(*plan.seccomp),
                    .pid_file = request.pid_file,
                    .pidfd_socket = request.pidfd_socket};
    parts.rdt_group = plan_intel_rdt(spec, request.id);
    TRY(plan_inside(spec, request, plan, parts));
    plan.phases = exec_phases(plan.process, std::move(parts));
    return {};
}

}  // namespace

Result<spec::Process> make_exec_process(const ExecRequest& request,
                                        const std::optional<spec::Process>& container) {
    spec::Process process =
        request.file ? *request.file : container.value_or(spec::Process{.cwd = "/"});
    if (!request.file) {
        process.args.clear();
        process.terminal = false;
    }
    if (!request.args.empty()) process.args = request.args;
    if (process.args.empty()) return fail(ErrorKind::usage, "there is no program to execute");
    if (request.terminal) process.terminal = *request.terminal;
    if (!process.terminal) process.console_size.reset();
    if (request.cwd) process.cwd = *request.cwd;
    if (!process.cwd.starts_with('/'))
        return failf(ErrorKind::usage, "the working directory \"{}\" is not an absolute path",
                     process.cwd);
    for (const std::string& entry : request.env)
        set_variable(process.env, entry);
    set_user(request, process.user);
    TRY(add_capabilities(request.capabilities, process));
    if (request.apparmor_profile) process.apparmor_profile = *request.apparmor_profile;
    if (request.selinux_label) process.selinux_label = *request.selinux_label;
    process.no_new_privileges = process.no_new_privileges || request.no_new_privileges;
    return process;
}

Result<ExecPlan> make_exec_plan(const Spec& spec, const Host& host, const ExecRequest& request) {
    ExecPlan plan;
    plan.process_asked = TRY(make_exec_process(request, spec.process));
    Status planned = plan_for(spec, host, request, plan);
    if (!planned) planned.error().set_kind(ErrorKind::config);
    TRY(std::move(planned));
    return plan;
}

}  // namespace sampan
