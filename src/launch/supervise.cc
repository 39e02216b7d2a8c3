#include "launch/supervise.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>

#include "base/text.h"
#include "launch/cloned.h"
#include "launch/init.h"
#include "launch/inner_sources.h"
#include "launch/streams.h"
#include "launch/sync.h"
#include "launch/terminal.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/namespaces.h"
#include "os/out_of_memory.h"
#include "os/procfs.h"
#include "os/socket.h"

namespace sampan {

namespace {

// A pid namespace ends once all of its processes have.
constexpr int patience_ms = 10000;

// New namespaces that clone3 makes. Init makes the cgroup namespace, once it is in its cgroup, and
// a time namespace with offsets, which must be written before the first process is in it.
uint64_t clone_flags(const Plan& plan) {
    uint64_t by_init = CLONE_NEWCGROUP;
    if (plan.time_offsets) by_init |= CLONE_NEWTIME;
    return plan.namespaces.new_types & ~by_init;
}

Status open_sources(const Plan& plan, Context& context) {
    constexpr size_t others = 64;
    TRY(context.room.make(plan.sources.size() + plan.inner_sources.size() + plan.setup.size() +
                          others));
    for (const OpenSource& source : plan.sources)
        TRY(apply(source, context).in(describe(source)).at(source.origin));
    return {};
}

struct OpenedJoin {
    const JoinNamespace* join = nullptr;
    Fd fd;
};

// What is looked at here is what will be joined: the paths are not used again.
Result<std::vector<OpenedJoin>> open_joins(const Plan& plan, int proc) {
    std::vector<OpenedJoin> opened;
    opened.reserve(plan.namespaces.joins.size());
    for (const JoinNamespace& join : plan.namespaces.joins) {
        opened.push_back({&join, TRY(open_namespace(join).at(join.origin))});
        TRY(check_not_hosts(proc, join, opened.back().fd.get()));
    }
    return opened;
}

Status join_all(const std::vector<OpenedJoin>& joins, bool privileged, int proc) {
    const auto join_one = [proc](const OpenedJoin& opened) -> Status {
        if (opened.join->type == CLONE_NEWUSER && TRY(is_our_user_namespace(opened.fd.get(), proc)))
            return {};
        return join_namespace(opened.fd.get(), opened.join->type)
            .in(describe(*opened.join))
            .at(opened.join->origin);
    };
    // Root joins the user namespace last: the others may belong to the host's, in which it has no
    // rights any more afterwards. Anybody else has rights only within the user namespace, so that
    // comes first.
    for (const OpenedJoin& opened : joins)
        if (!privileged && opened.join->type == CLONE_NEWUSER) TRY(join_one(opened));
    for (const OpenedJoin& opened : joins)
        if (opened.join->type != CLONE_NEWUSER) TRY(join_one(opened));
    for (const OpenedJoin& opened : joins)
        if (privileged && opened.join->type == CLONE_NEWUSER) TRY(join_one(opened));
    return {};
}

const OpenedJoin* joined_pid_namespace(const std::vector<OpenedJoin>& joins) {
    const auto found = std::ranges::find_if(
        joins, [](const OpenedJoin& opened) { return opened.join->type == CLONE_NEWPID; });
    return found == joins.end() ? nullptr : &*found;
}

// Whether init can stay out of a pid namespace that it joins, where others could look at it while
// it still has the host in sight. It must be able to mount the proc of a namespace that it is not
// in (since Linux 6.17), and nothing may ask for its pid in there before there is one.
bool can_work_unseen(const Plan& plan, const std::vector<OpenedJoin>& joins) {
    const OpenedJoin* const pids = joined_pid_namespace(joins);
    if (pids == nullptr || plan.listen_fds > 0) return false;
    if (!plan.hooks.create_container.empty() || !plan.hooks.start_container.empty()) return false;
    Result<FsContext> proc = FsContext::open("proc");
    return proc && proc->set_fd("pidns", pids->fd.get());
}

Error ended_before_ready(const ExitStatus& status) {
    return Error(ErrorKind::ended_early, format("init {} before it was ready", describe(status)));
}

class Supervisor {
  public:
    Supervisor(const Launch& launch, SocketPair sockets)
        : launch_(launch), sync_(std::move(sockets.ours)), init_sync_(std::move(sockets.theirs)) {}

    Status clone();
    Status converse();
    // The container is made: nothing is undone any more.
    Process take() && {
        net_devices_.release();
        return std::move(init_);
    }
    // The reason that is behind it, where that is the end of init.
    Error explain(Error error);

    Context context;

  private:
    const Plan& plan() const { return launch_.plan; }
    bool privileged() const { return plan().id_map_rights.euid == 0; }
    [[noreturn]] void become_init();
    Result<Cloned> clone_init(uint64_t more_flags, int32_t* told = nullptr);
    [[nodiscard]] Error explain_clone(Error error) const;
    Status clone_directly();
    Status clone_through_joined();
    Status clone_unseen(const std::vector<OpenedJoin>& joins);
    [[nodiscard]] bool works_unseen() const { return cloned_.has_value(); }
    Status meet_cloned();
    [[noreturn]] void join_and_clone(const std::vector<OpenedJoin>& joins,
                                     Sync report,
                                     ClonedPage& page) noexcept;
    Status complete_namespaces();
    Status run_runtime_hooks();
    Status set_rlimits();
    Status schedule();

    const Launch& launch_;
    Sync sync_;
    Sync init_sync_;
    NetDeviceMove net_devices_;
    Process init_;
    // Of an init that works unseen: who its child is, and the child's socket.
    std::optional<ClonedPage> cloned_;
    SocketPair execution_;
};

void Supervisor::become_init() {
    sync_.close();
    if (launch_.log_of_root.before) context.made_log = init_sync_.teller();
    run_init({.plan = plan(),
              .cgroup = launch_.cgroup.join(),
              .seccomp = launch_.seccomp,
              .identity = launch_.identity,
              .context = context,
              .sync = init_sync_,
              .gate = launch_.gate,
              .execution = execution_.theirs.get(),
              .cloned = cloned_ ? cloned_->file() : -1});
}

Result<Cloned> Supervisor::clone_init(uint64_t more_flags, int32_t* told) {
    return clone_process(clone_flags(plan()) | more_flags, launch_.cgroup.clone_fd(), told);
}

// EBUSY: cgroup v2 lets no process into a cgroup that gives controllers to those below it, which
// one that was there before may do.
Error Supervisor::explain_clone(Error error) const {
    if (launch_.cgroup.clone_fd() < 0 || error.code() != EBUSY) return error;
    Error busy("starting a process in the container's cgroup", EBUSY);
    busy.set_pointer("/linux/cgroupsPath");
    busy.set_hint(
        "it was there before and has controllers enabled in cgroup.subtree_control, so it takes no "
        "processes: name a cgroup below it");
    return busy;
}

Status Supervisor::clone_directly() {
    Result<Cloned> cloned = clone_init(0);
    if (!cloned) return Failure(explain_clone(std::move(cloned).error()));
    if (cloned->pid == 0) become_init();
    init_ = Process(cloned->pid, std::move(cloned->pidfd));
    return {};
}

// A process in between joins the namespaces and clones init as our child (CLONE_PARENT). We could
// join and return by ourselves for most types, but never from a user namespace; and our hooks and
// files must stay in ours whatever happens.
Status Supervisor::clone_through_joined() {
    const std::vector<OpenedJoin> joins = TRY(open_joins(plan(), context.proc.get()));
    if (can_work_unseen(plan(), joins)) return clone_unseen(joins);
    ClonedPage page = TRY(ClonedPage::make());
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned between = TRY(clone_process(0));
    if (between.pid == 0) join_and_clone(joins, Sync(std::move(sockets.theirs)), page);
    Process helper(between.pid, std::move(between.pidfd));
    sockets.theirs.reset();
    TRY(Sync(std::move(sockets.ours)).expect_end());
    const ExitStatus ended = TRY(helper.wait());
    if (page.told().error != 0) return Failure(explain_clone(Error("clone3", page.told().error)));
    if (page.told().pid <= 0)
        return failf(ErrorKind::ended_early, "the process that joins the namespaces {}",
                     describe(ended));
    init_ = TRY(adopt_child(page.told().pid));
    return {};
}

// Init may be seen by others of a pid namespace that is joined: nothing of our conversation with
// the supervisor is left to it.
void Supervisor::join_and_clone(const std::vector<OpenedJoin>& joins,
                                Sync report,
                                ClonedPage& page) noexcept {
    sync_.close();
    const auto prepare = [&]() -> Status {
        // A pid namespace that is joined has processes which could trace init, or open our program
        // through its /proc/PID/exe (CVE-2019-5736), from its first moment on. Init inherits this.
        // Root's supervisor can write its files all the same; the offsets of time are written by
        // init itself, which hides afterwards.
        if (privileged() && !plan().time_offsets) TRY(set_dumpable(false));
        TRY(join_all(joins, privileged(), context.proc.get()));
        return page.keep_to_ourselves();
    };
    if (const Status prepared = or_out_of_memory(prepare); !prepared) {
        report.send_failure(prepared.error());
        ::_exit(1);
    }
    report.close();
    // A pid namespace that was joined holds our children only, so that the pid which the kernel
    // tells is one of the supervisor's namespace.
    const Result<Cloned> cloned = clone_init(CLONE_PARENT, &page.told().pid);
    if (cloned && cloned->pid == 0) become_init();
    if (!cloned) page.told().error = cloned.error().code();
    ::_exit(0);
}

// Init makes and joins all namespaces itself, and stays out of the pid namespace, which setns(2)
// joins for children alone. As in exec, what appears there is a child of its that has the
// container's rights and sees nothing else any more.
Status Supervisor::clone_unseen(const std::vector<OpenedJoin>& joins) {
    context.pid_namespace = Fd(::fcntl(joined_pid_namespace(joins)->fd.get(), F_DUPFD_CLOEXEC, 3));
    if (!context.pid_namespace.valid()) return fail_errno("keeping the pid namespace");
    execution_ = TRY(make_seqpacket_pair());
    cloned_.emplace(TRY(ClonedPage::make()));
    Result<Cloned> cloned = clone_process(0, launch_.cgroup.clone_fd());
    if (!cloned) return Failure(explain_clone(std::move(cloned).error()));
    if (cloned->pid == 0) {
        execution_.ours.reset();
        Status inside = join_all(joins, privileged(), context.proc.get());
        if (inside)
            inside =
                leave_namespaces(static_cast<int>(clone_flags(plan()))).in("making the namespaces");
        if (inside) become_init();
        init_sync_.send_failure(inside.error());
        ::_exit(1);
    }
    init_ = Process(cloned->pid, std::move(cloned->pidfd));
    execution_.theirs.reset();
    return {};
}

// Once the one that has worked for it has ended, nobody else writes what the page tells.
Status Supervisor::meet_cloned() {
    TRY(sync_.expect_end());
    const ExitStatus ended = TRY(init_.wait());
    const stub::ClonedProgram& told = cloned_->told();
    if (told.error != 0) return failed_clone(told.error, plan().process.origin);
    if (told.pid <= 0) return Failure(ended_before_ready(ended));
    init_ = TRY(adopt_child(told.pid));
    return schedule();
}

Status Supervisor::clone() {
    if (plan().namespaces.joins.empty()) {
        TRY(clone_directly());
    } else {
        TRY(clone_through_joined());
    }
    init_sync_.close();
    // Init has them now, and hooks of ours shall run as if we had never had any.
    context.sources.clear();
    TRY(context.room.give_back());
    return launch_.on_cloned(init_.pid());
}

Status Supervisor::complete_namespaces() {
    if (!plan().waits_at_entry()) return {};
    TRY(sync_.expect(MessageType::entered));
    const int proc = context.proc.get();
    if (plan().id_maps)
        TRY(write_id_maps(*plan().id_maps, plan().id_map_rights, proc, init_.pid())
                .in("mapping the ids of the user namespace")
                .at(plan().id_maps->origin));
    // Early, since hooks and sysctls may be about them.
    if (!plan().net_devices.empty()) TRY(net_devices_.move(plan().net_devices, proc, init_.pid()));
    TRY(send_inner_sources(plan(), context, init_.pid(), sync_));
    return sync_.send(MessageType::proceed);
}

Status Supervisor::run_runtime_hooks() {
    const spec::Hooks& hooks = plan().hooks;
    if (hooks.prestart.empty() && hooks.create_runtime.empty()) return {};
    TRY(sync_.expect(MessageType::rootfs_ready));
    const std::string state =
        hook_state(launch_.identity, spec::ContainerStatus::creating, init_.pid());
    const HookLog& log = launch_.on_hook_output;
    TRY(run_hooks(hooks, HookKind::prestart, state, plan().bundle, log, init_.pidfd()));
    TRY(run_hooks(hooks, HookKind::create_runtime, state, plan().bundle, log, init_.pidfd()));
    return sync_.send(MessageType::hooks_done);
}

Status Supervisor::schedule() {
    if (!plan().process.scheduler && !plan().process.io_priority) return {};
    if (!works_unseen()) TRY(sync_.expect(MessageType::sealed));
    const auto take = [this](const auto& step) -> Status {
        if (!step) return {};
        return sampan::apply(*step, init_.pid()).in(describe(*step)).at(step->origin);
    };
    TRY(take(plan().process.scheduler));
    TRY(take(plan().process.io_priority));
    return works_unseen() ? Status() : sync_.send(MessageType::proceed);
}

// Late, so that a low limit does not hinder init; from outside, since raising one needs a privilege
// of the initial user namespace. Without a user namespace init has done it itself.
Status Supervisor::set_rlimits() {
    if (!plan().namespaces.separate(CLONE_NEWUSER)) return {};
    for (const SetRlimit& limit : plan().process.rlimits)
        TRY(apply(limit, init_.pid()).at(limit.origin));
    return {};
}

Status Supervisor::converse() {
    sync_.on_hook_output(launch_.on_hook_output);
    sync_.on_warning(launch_.on_warning);
    sync_.on_made(launch_.log_of_root);
    // Before init makes itself undumpable, when the file becomes root's.
    if (plan().process.oom_score_adj)
        TRY(apply(*plan().process.oom_score_adj, context.proc.get(), init_.pid())
                .at(plan().process.oom_score_adj->origin));
    TRY(complete_namespaces());
    TRY(run_runtime_hooks());
    if (!works_unseen()) TRY(schedule());
    if (plan().process.terminal) TRY(launch_.on_console(TRY(receive_terminal(sync_))));
    if (works_unseen())
        TRY(meet_cloned());
    else
        TRY(sync_.expect(MessageType::ready));
    TRY(set_rlimits());
    if (!plan().process.terminal) TRY(give_pipes(plan().process, context.proc.get(), init_.pid()));
    TRY(launch_.cgroup.apply_devices(plan().cgroup));
    TRY(launch_.on_ready(init_.pid(), context.proc.get()));
    if (!works_unseen()) return sync_.commit();
    const std::byte word{1};
    return send_message(execution_.ours.get(), std::span(&word, 1)).in("letting init go on");
}

// Whatever fails when init ends (a hook that is killed then, a file of its /proc/PID) fails for
// that reason.
Error Supervisor::explain(Error error) {
    if (init_.pid() <= 0) return error;
    const bool silent = error.kind() == ErrorKind::hung_up;
    // Bounded, since it may hang up and not end: who waits for us is not to be waited for.
    const Result<bool> ended = wait_for_end(init_.pidfd(), silent ? patience_ms : 0);
    if (!ended || !*ended) return error;
    if (std::optional<Error> last = sync_.last_failure()) return std::move(*last);
    const Result<ExitStatus> status = init_.wait();
    // When it ends by itself it has said why: then that is the error.
    if (!status || (!silent && status->signal == 0)) return error;
    return ended_before_ready(*status);
}

}  // namespace

Result<Process> supervise(const Launch& launch) {
    Supervisor supervisor(launch, TRY(make_seqpacket_pair()));
    supervisor.context.proc = TRY(open_proc());
    TRY(open_sources(launch.plan, supervisor.context));
    Status done = supervisor.clone();
    if (done) done = supervisor.converse();
    if (!done) return Failure(supervisor.explain(std::move(done).error()));
    return std::move(supervisor).take();
}

}  // namespace sampan
