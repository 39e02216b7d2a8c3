#include "plan/phases.h"

#include <sched.h>

#include <utility>

#include "linux/seccomp_check.h"
#include "plan/append.h"

namespace sampan {

namespace {

constexpr const char* seccomp_origin = "/linux/seccomp";
constexpr const char* agent_origin = "/linux/seccomp/listenerPath";

// A list of steps, each of which may be left out.
class Steps {
  public:
    Steps& add(Step step) {
        steps_.push_back(std::move(step));
        return *this;
    }
    Steps& add_if(bool wanted, Step step) { return wanted ? add(std::move(step)) : *this; }
    template <class Kind>
    Steps& add(const std::optional<Kind>& step) {
        return step ? add(Step(*step)) : *this;
    }
    template <class Many>
    Steps& add_all(Many&& many) {
        append(steps_, std::forward<Many>(many));
        return *this;
    }
    Steps& add_hooks(const spec::Hooks& hooks, spec::HookKind kind) {
        size_t index = 0;
        for (const spec::Hook& hook : hooks_of(hooks, kind)) {
            steps_.emplace_back(
                RunHook{kind, index, hook, format("/hooks/{}/{}", name_of(kind), index)});
            ++index;
        }
        return *this;
    }
    std::vector<Step> take() { return std::move(steps_); }

  private:
    std::vector<Step> steps_;
};

class Phases {
  public:
    // A phase without steps is left out.
    void add(std::string_view name, Walker walker, Steps&& steps) { add(name, walker, steps); }
    void add(std::string_view name, Walker walker, Steps& steps) {
        add(Phase{name, walker, steps.take()});
    }
    void add(Phase phase) {
        if (!phase.steps.empty()) phases_.push_back(std::move(phase));
    }
    std::vector<Phase> take() { return std::move(phases_); }

  private:
    std::vector<Phase> phases_;
};

Steps preparations(const Plan& plan, std::vector<OpenSource> sources) {
    Steps steps;
    steps.add(MakeFolder{}).add(RecordIntent{});
    steps.add_if(!plan.notify_folder.empty(), MakeNotifyFolder{plan.notify_folder});
    steps.add_if(plan.seccomp.has_value(), PrepareFilter{seccomp_origin});
    steps.add_if(plan.asks_agent(), CheckAgent{agent_origin});
    steps.add_all(steps_to_make(plan.cgroup));
    if (plan.rdt_group) steps.add(MakeRdtGroup{*plan.rdt_group, plan.rdt_group->origin});
    // Limits count from init's first page.
    steps.add_all(steps_to_limit(plan.cgroup));
    steps.add(ListenAtGate{}).add_all(std::move(sources));
    return steps;
}

// Those that init makes itself, when it is in its cgroup, which becomes the root of the cgroup
// namespace, and root of its user namespace, to whom the message queues (mqueue) of a new ipc
// namespace belong then: the kernel takes their owner from the process that makes the namespace.
uint64_t late_namespaces(const NamespacePlan& namespaces) {
    uint64_t types = CLONE_NEWCGROUP;
    if (namespaces.separate(CLONE_NEWUSER)) types |= CLONE_NEWIPC;
    return namespaces.new_types & types;
}

Steps clone(const Plan& plan, const Parts& parts) {
    // Init also makes a time namespace with offsets, which must be written before the first process
    // is in it.
    uint64_t by_init = late_namespaces(plan.namespaces);
    if (parts.time_offsets) by_init |= CLONE_NEWTIME;
    Steps steps;
    steps.add(CloneInit{plan.namespaces.new_types & ~by_init}).add(RecordInit{});
    if (plan.cgroup.unit) steps.add(LeaveUnit{plan.cgroup.unit->name});
    if (plan.rdt_group) steps.add(EnterRdtGroup{*plan.rdt_group, plan.rdt_group->origin});
    // Before init makes itself undumpable, because then the file belongs to root.
    steps.add(plan.process.oom_score_adj);
    return steps;
}

// Root joins the user namespace last: the other namespaces may belong to the host's user namespace,
// and afterwards root has no rights there. Anybody else has rights only within the user namespace,
// and so joins it first.
Steps joins(const Plan& plan) {
    const bool user_first = plan.id_map_rights.euid != 0;
    Steps steps;
    for (const bool user : {user_first, !user_first})
        for (const JoinNamespace& join : plan.namespaces.joins)
            steps.add_if((join.type == CLONE_NEWUSER) == user, join);
    return steps;
}

// Init must wait until the supervisor has done something to its namespaces.
bool waits_at_entry(const Plan& plan, const Parts& parts) {
    // Without root's rights oom_score_adj can only be written before init hides.
    const bool must_not_hide = plan.process.oom_score_adj && plan.id_map_rights.euid != 0;
    return must_not_hide || plan.id_maps || !parts.net_devices.empty() ||
           !parts.inner_sources.empty();
}

void add_entry(Phases& phases, const Plan& plan, const Parts& parts) {
    const bool waits = waits_at_entry(plan, parts);
    Steps entry;
    entry.add(BeginSession{});
    // Before our ids change: afterwards the file of a process that is not dumpable does not belong
    // to us.
    if (parts.time_offsets)
        entry.add(MakeTimeNamespace{*parts.time_offsets, parts.time_offsets->origin});
    entry.add_if(waits, Say{Word::entered});
    phases.add("entry", Walker::init, entry);
    if (!waits) return;
    Steps outside;
    outside.add(Await{Word::entered});
    if (plan.id_maps)
        outside.add(WriteIdMaps{*plan.id_maps, plan.id_map_rights, plan.id_maps->origin});
    // Early, because hooks and sysctls may need them.
    outside.add_if(!parts.net_devices.empty(),
                   MoveNetDevices{parts.net_devices, "/linux/netDevices"});
    phases.add("namespaces", Walker::create, outside);
    Steps inner;
    phases.add("sources inside", Walker::opener, inner.add_all(parts.inner_sources));
    Steps answer;
    phases.add("namespaces complete", Walker::create, answer.add(Say{Word::proceed}));
}

Steps identity(const Plan& plan, const Parts& parts) {
    const JoinNamespace* const joined = plan.namespaces.joined(CLONE_NEWUSER);
    Steps steps;
    for (const OpenSource& source : parts.inner_sources)
        steps.add(TakeSource{source.slot, source.source, source.origin});
    steps.add_if(waits_at_entry(plan, parts), Await{Word::proceed});
    steps.add_if(plan.namespaces.separate(CLONE_NEWUSER),
                 BecomeNamespaceRoot{joined != nullptr ? joined->origin : ""});
    steps.add(CheckUser{plan.process.credentials, plan.process.origin});
    // Only once the id maps are written, whose files a process that is not dumpable does not own.
    steps.add(HideFromOthers{}).add(EnterCgroup{});
    const uint64_t late = late_namespaces(plan.namespaces);
    steps.add_if(late != 0, MakeLateNamespaces{late});
    for (const CgroupDirectory& directory : plan.cgroup.directories)
        steps.add_if(!directory.inner.empty(), EnterInnerCgroup{});
    return steps;
}

// prestart and createRuntime hooks: all namespaces and mounts are there, but the root is not
// switched yet.
void add_root(Phases& phases, const Plan& plan, Parts& parts) {
    const bool has_hooks = !plan.hooks.prestart.empty() || !plan.hooks.create_runtime.empty();
    Steps mounts;
    mounts.add(SetUmask{022, ""});  // for folders that must be made
    mounts.add_all(std::move(parts.setup)).add_if(has_hooks, Say{Word::rootfs_ready});
    phases.add("mounts", Walker::init, mounts);
    Steps runtime;
    runtime.add_if(has_hooks, Await{Word::rootfs_ready});
    runtime.add_hooks(plan.hooks, spec::HookKind::prestart);
    runtime.add_hooks(plan.hooks, spec::HookKind::create_runtime);
    runtime.add_if(has_hooks, Say{Word::hooks_done});
    phases.add("hooks of the runtime", Walker::create, runtime);
    Steps root;
    root.add_if(has_hooks, Await{Word::hooks_done});
    root.add_hooks(plan.hooks, spec::HookKind::create_container).add_all(std::move(parts.pivot));
    // The old root is gone, and nothing more is made in the new one.
    root.add(CloseSources{});
    phases.add("root", Walker::init, root);
    Steps inside;
    phases.add("inside", Walker::init, inside.add_all(std::move(parts.seal)));
}

// By init, or by the process in between of exec.
Steps last_preparations(const ProcessPlan& process) {
    Steps steps;
    steps.add_if(process.terminal, UseTerminal{process.credentials.uid});
    steps.add_if(!process.terminal, UseOwnNull{});
    if (process.has_program()) {
        const Program& program = *process.program;
        steps.add(EnterWorkingDirectory{program.cwd, process.origin + "/cwd"});
        steps.add(FindProgram{program.args[0], process.origin + "/args/0"});
    }
    steps.add(SetUmask{process.credentials.umask, process.origin});
    // First, because a low limit would hinder it.
    steps.add(BuildStub{});
    // Without a user namespace we have the same privileges as the supervisor, and must set them
    // ourselves before our ids change: prlimit(2) on a process with other ids needs
    // CAP_SYS_RESOURCE even to lower a limit.
    if (!process.own_user_namespace) steps.add_all(process.rlimits);
    steps.add(ExecuteStub{});
    return steps;
}

// Late, so that a low limit does not hinder init; from outside, since raising one needs a privilege
// of the initial user namespace.
void add_from_outside(Steps& steps, const ProcessPlan& process) {
    if (process.own_user_namespace) steps.add_all(process.rlimits);
    steps.add_if(!process.terminal, GivePipes{});
}

// While init still is root of the container: of a process with other ids only CAP_SYS_NICE of the
// initial user namespace may change the policy. After all that forks, which SCHED_DEADLINE does not
// let a process do.
void add_scheduling(Phases& phases, const ProcessPlan& process) {
    if (!process.scheduler && !process.io_priority) return;
    Steps sealed;
    phases.add("sealed", Walker::init, sealed.add(Say{Word::sealed}));
    Steps outside;
    outside.add(Await{Word::sealed}).add(process.scheduler).add(process.io_priority);
    phases.add("scheduling", Walker::create, outside.add(Say{Word::scheduled}));
    Steps scheduled;
    phases.add("scheduled", Walker::init, scheduled.add(Await{Word::scheduled}));
}

// The order is explained in linux/capabilities.h.
Steps stub_identity(const ProcessPlan& process, bool has_filter) {
    Steps steps;
    steps.add_all(process.labels);
    steps.add(BecomeUser{process.credentials,
                         has_filter && lacks_privilege_for_filter(process.credentials),
                         process.origin});
    return steps;
}

Steps stub_program(const ProcessPlan& process, const spec::Hooks& hooks, bool has_filter) {
    const Credentials& who = process.credentials;
    Steps steps;
    steps.add_hooks(hooks, spec::HookKind::start_container).add_all(process.late_rlimits);
    steps.add_if(who.no_new_privileges, SetNoNewPrivileges{process.origin + "/noNewPrivileges"});
    steps.add_if(has_filter, LoadFilter{seccomp_origin});
    steps.add_if(has_filter && lacks_privilege_for_filter(who),
                 DropSysAdmin{who.capabilities, process.origin});
    if (process.has_program())
        steps.add(ExecuteProgram{process.program->args, process.origin + "/args"});
    return steps;
}

void add_commit(Phases& phases, const Plan& plan, Parts& parts, const Request& request) {
    Steps waiting = stub_identity(plan.process, plan.seccomp.has_value());
    phases.add("user", Walker::stub,
               waiting.add(Say{Word::ready}).add(Await{Word::committed}).add(WaitForStart{}));
    Steps commit;
    commit.add_if(plan.process.terminal, HandTerminalOn{}).add(Await{Word::ready});
    add_from_outside(commit, plan.process);
    commit.add_all(steps_for_devices(plan.cgroup)).add(RecordReady{});
    // The pid file last: an engine takes it for the sign that the container is there.
    commit.add_all(std::move(parts.pidfd_receivers));
    commit.add_if(!request.pid_file.empty(), WritePidFile{request.pid_file});
    phases.add("commit", Walker::create, commit.add(Say{Word::committed}));
}

}  // namespace

StartPhases start_phases(const StartParts& parts) {
    Steps before;
    before.add_if(parts.notifies, ListenForReadiness{});
    before.add_if(parts.has_agent, ConnectToAgent{agent_origin});
    before.add(LetExecute{});
    Steps after;
    after.add(RemoveGate{});
    spec::Hooks hooks;
    hooks.poststart = parts.poststart;
    after.add_hooks(hooks, spec::HookKind::poststart);
    after.add_if(parts.notifies, AwaitReadiness{});
    return {{"start", Walker::start, before.take()}, {"started", Walker::start, after.take()}};
}

RestorePhases restore_phases(const Plan& plan, const std::string& pid_file) {
    Steps before;
    before.add(MakeFolder{}).add(RecordIntent{});
    // The checkpointed container may have had it, whatever our own caller has.
    before.add(MakeNotifyFolder{plan.notify_folder});
    before.add_all(steps_to_make(plan.cgroup));
    if (plan.rdt_group) before.add(MakeRdtGroup{*plan.rdt_group, plan.rdt_group->origin});
    before.add_all(steps_to_limit(plan.cgroup));
    Steps begun;
    if (plan.cgroup.unit) begun.add(LeaveUnit{plan.cgroup.unit->name});
    if (plan.rdt_group) begun.add(EnterRdtGroup{*plan.rdt_group, plan.rdt_group->origin});
    Steps hooks;
    hooks.add(RecordInit{}).add_hooks(plan.hooks, spec::HookKind::prestart);
    hooks.add_hooks(plan.hooks, spec::HookKind::create_runtime);
    Steps after;
    after.add_all(steps_for_devices(plan.cgroup)).add(RecordReady{});
    after.add_if(!pid_file.empty(), WritePidFile{pid_file});
    return {{"preparations", Walker::create, before.take()},
            {"begun", Walker::create, begun.take()},
            {"hooks of the runtime", Walker::create, hooks.take()},
            {"commit", Walker::create, after.take()}};
}

Phase delete_phase(const DeleteParts& parts) {
    Steps steps;
    steps.add(EndInit{}).add(RemoveCgroup{}).add_if(parts.has_rdt_group, RemoveRdtGroup{});
    steps.add_if(parts.undoes_mounts, UndoMounts{}).add(ClearRoot{}).add(RemoveFolder{});
    spec::Hooks hooks;
    hooks.poststop = parts.poststop;
    steps.add_hooks(hooks, spec::HookKind::poststop);
    return {"delete", Walker::remove, steps.take()};
}

std::vector<Phase> create_phases(const Plan& plan, Parts parts, const Request& request) {
    Phases phases;
    phases.add("preparations", Walker::create, preparations(plan, std::move(parts.sources)));
    phases.add("clone", Walker::create, clone(plan, parts));
    phases.add("joined namespaces", Walker::joiner, joins(plan));
    add_entry(phases, plan, parts);
    phases.add("identity", Walker::init, identity(plan, parts));
    add_root(phases, plan, parts);
    add_scheduling(phases, plan.process);
    phases.add("process", Walker::init, last_preparations(plan.process));
    add_commit(phases, plan, parts, request);
    StartPhases start = start_phases({.has_agent = plan.asks_agent(),
                                      .notifies = !plan.notify_folder.empty(),
                                      .poststart = plan.hooks.poststart});
    phases.add(std::move(start.before));
    phases.add("program", Walker::stub,
               stub_program(plan.process, plan.hooks, plan.seccomp.has_value()));
    phases.add(std::move(start.after));
    phases.add(delete_phase({.has_rdt_group = plan.rdt_group.has_value(),
                             .undoes_mounts = !plan.namespaces.separate(CLONE_NEWNS),
                             .poststop = plan.hooks.poststop}));
    return phases.take();
}

std::vector<Phase> exec_phases(const ProcessPlan& process, ExecParts parts) {
    Phases phases;
    Steps prepare;
    prepare.add_if(parts.has_filter, PrepareFilter{seccomp_origin});
    // The agent first: a program whose system calls nobody answers would hang.
    prepare.add_if(parts.has_agent, ConnectToAgent{agent_origin});
    phases.add(
        "preparations", Walker::exec,
        prepare.add(CloneBetween{parts.initial_affinity,
                                 parts.initial_affinity ? parts.initial_affinity->origin : ""}));
    Steps enter;
    enter.add(ResetSignals{});
    // By ourselves, and before we hide: afterwards the file belongs to root.
    enter.add(process.oom_score_adj).add(HideFromOthers{});
    // First the cgroup: whoever ends the container finds there the processes that do not end with
    // its first process.
    phases.add("entry", Walker::between, enter.add(EnterCgroup{}).add(EnterContainer{}));
    Steps inside;
    inside.add(SetUmask{022, ""}).add_all(std::move(parts.inside));
    phases.add("inside", Walker::between, inside);
    phases.add("process", Walker::between, last_preparations(process));
    Steps user = stub_identity(process, parts.has_filter);
    phases.add("user", Walker::stub, user.add(Say{Word::ready}).add(Await{Word::released}));
    Steps commit;
    commit.add_if(process.terminal, HandTerminalOn{}).add(Await{Word::ready});
    commit.add(process.scheduler).add(process.io_priority);
    add_from_outside(commit, process);
    if (parts.rdt_group) commit.add(EnterRdtGroup{*parts.rdt_group, parts.rdt_group->origin});
    commit.add_if(!parts.pidfd_socket.empty(), SendPidfd{parts.pidfd_socket, ""});
    commit.add_if(!parts.pid_file.empty(), WritePidFile{parts.pid_file});
    phases.add("commit", Walker::exec, commit.add(LetExecute{}));
    phases.add("program", Walker::stub, stub_program(process, {}, parts.has_filter));
    return phases.take();
}

}  // namespace sampan
