#include "launch/clone_init.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/text.h"
#include "host/user_namespaces.h"
#include "os/mount_api.h"
#include "os/namespaces.h"
#include "os/out_of_memory.h"

namespace sampan {

namespace {

struct OpenedJoin {
    const JoinNamespace* join = nullptr;
    Fd fd;
};

// What is checked here is what will be joined: the paths are not used again.
Result<std::vector<OpenedJoin>> open_joins(const Plan& plan, int proc) {
    std::vector<OpenedJoin> opened;
    opened.reserve(plan.namespaces.joins.size());
    for (const JoinNamespace& join : plan.namespaces.joins) {
        opened.push_back({&join, TRY(open_namespace(join).at(join.origin))});
        TRY(check_not_hosts(proc, join, opened.back().fd.get()));
    }
    return opened;
}

// Walks the phase of namespaces that are joined.
class Joiner {
  public:
    Joiner(const std::vector<OpenedJoin>& joins, int proc) : joins_(joins), proc_(proc) {}

    Status apply(const JoinNamespace& step) const {
        const auto opened = std::ranges::find(joins_, step.type,
                                              [](const OpenedJoin& one) { return one.join->type; });
        if (opened == joins_.end()) return failf("a namespace that was not opened");
        const int fd = opened->fd.get();
        if (step.type == CLONE_NEWUSER && TRY(is_our_user_namespace(fd, proc_))) return {};
        return join_namespace(fd, step.type).in(describe(step)).at(step.origin);
    }

  private:
    const std::vector<OpenedJoin>& joins_;
    int proc_;
};

Status join_all(const Plan& plan, const std::vector<OpenedJoin>& joins, int proc) {
    const Joiner joiner(joins, proc);
    return walk_all(plan.phases, Walker::joiner, joiner);
}

const OpenedJoin* joined_pid_namespace(const std::vector<OpenedJoin>& joins) {
    const auto found = std::ranges::find_if(
        joins, [](const OpenedJoin& opened) { return opened.join->type == CLONE_NEWPID; });
    return found == joins.end() ? nullptr : &*found;
}

// Whether init can stay out of a pid namespace that it joins: there, others could look at it while
// it still sees the host. It must be able to mount the proc of a namespace in which it is not
// (since Linux 6.17), and nothing may need its pid in that namespace before it has one.
bool can_work_unseen(const Plan& plan, const std::vector<OpenedJoin>& joins) {
    const OpenedJoin* const pids = joined_pid_namespace(joins);
    if (pids == nullptr || plan.listen_fds > 0) return false;
    if (!plan.hooks.create_container.empty() || !plan.hooks.start_container.empty()) return false;
    Result<FsContext> proc = FsContext::open("proc");
    return proc && proc->set_fd("pidns", pids->fd.get());
}

// If a new user namespace was refused, the parameter that forbids it is named.
Error explain_user_namespace(Error error) {
    const int code = error.code();
    if (code == EPERM || code == ENOSPC || code == EUSERS)
        error.set_hint(user_namespace_remedy(read_user_namespace_limits(), code));
    return error;
}

// EBUSY: cgroup v2 takes no process into a cgroup that gives controllers to those below it, as a
// cgroup may that existed before.
Error explain_clone(const InitCloning& cloning, Error error) {
    if ((cloning.new_types & CLONE_NEWUSER) != 0) error = explain_user_namespace(std::move(error));
    if (cloning.cgroup < 0 || error.code() != EBUSY) return error;
    Error busy("starting a process in the container's cgroup", EBUSY);
    busy.set_pointer("/linux/cgroupsPath");
    busy.set_hint(
        "it was there before and has controllers enabled in cgroup.subtree_control, so it takes no "
        "processes: name a cgroup below it");
    return busy;
}

// Does not return in init.
Result<Process> clone_directly(const InitCloning& cloning) {
    Result<Cloned> cloned = clone_process(cloning.new_types, cloning.cgroup);
    if (!cloned) return Failure(explain_clone(cloning, std::move(cloned).error()));
    if (cloned->pid == 0) cloning.become_init();
    return Process(cloned->pid, std::move(cloned->pidfd));
}

// Others in a joined pid namespace can see init: so it has nothing of our conversation with the
// supervisor.
[[noreturn]] void join_and_clone(const InitCloning& cloning,
                                 const std::vector<OpenedJoin>& joins,
                                 Sync report,
                                 ClonedPage& page) noexcept {
    cloning.ours.close();
    const auto prepare = [&]() -> Status {
        // Processes in a joined pid namespace could trace init, or open our program through its
        // /proc/PID/exe (CVE-2019-5736), from its first moment on. Init inherits this setting. A
        // supervisor that is root can write its files nevertheless. The time offsets are written by
        // init itself, which hides afterwards.
        if (cloning.plan.id_map_rights.euid == 0 &&
            find_step<MakeTimeNamespace>(cloning.plan.phases) == nullptr)
            TRY(set_dumpable(false));
        TRY(join_all(cloning.plan, joins, cloning.context.proc.get()));
        return page.keep_to_ourselves();
    };
    if (const Status prepared = or_out_of_memory(prepare); !prepared) {
        report.send_failure(prepared.error());
        ::_exit(1);
    }
    report.close();
    // A joined pid namespace only contains our children, so that the pid from the kernel is one of
    // the supervisor's namespace.
    const Result<Cloned> cloned =
        clone_process(cloning.new_types | CLONE_PARENT, cloning.cgroup, &page.told().pid);
    if (cloned && cloned->pid == 0) cloning.become_init();
    if (!cloned) page.told().error = cloned.error().code();
    ::_exit(0);
}

// A process in between joins the namespaces and clones init as our child (CLONE_PARENT). For most
// types we could join and return ourselves, but never for a user namespace; and our hooks and files
// must stay in our namespaces whatever happens.
Result<Process> clone_through_joined(const InitCloning& cloning,
                                     const std::vector<OpenedJoin>& joins) {
    ClonedPage page = TRY(ClonedPage::make());
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned between = TRY(clone_process(0));
    if (between.pid == 0) join_and_clone(cloning, joins, Sync(std::move(sockets.theirs)), page);
    Process helper(between.pid, std::move(between.pidfd));
    sockets.theirs.reset();
    TRY(Sync(std::move(sockets.ours)).expect_end());
    const ExitStatus ended = TRY(helper.wait());
    if (page.told().error != 0)
        return Failure(explain_clone(cloning, Error("clone3", page.told().error)));
    if (page.told().pid <= 0)
        return failf(ErrorKind::ended_early, "the process that joins the namespaces {}",
                     describe(ended));
    return adopt_child(page.told().pid);
}

[[noreturn]] void join_and_become_init(const InitCloning& cloning,
                                       const std::vector<OpenedJoin>& joins,
                                       UnseenInit& unseen) noexcept {
    unseen.execution.ours.reset();
    Status inside = join_all(cloning.plan, joins, cloning.context.proc.get());
    if (inside)
        inside = leave_namespaces(static_cast<int>(cloning.new_types)).in("making the namespaces");
    if (inside) cloning.become_init();
    cloning.inits.send_failure(inside.error());
    ::_exit(1);
}

// Init itself makes and joins all namespaces, but stays out of the pid namespace, which setns(2)
// joins for children only. As in exec, only a child of init appears there, which has the
// container's rights and sees nothing else any more.
Result<Process> clone_unseen(const InitCloning& cloning,
                             const std::vector<OpenedJoin>& joins,
                             UnseenInit& unseen) {
    Context& context = cloning.context;
    context.pid_namespace = Fd(::fcntl(joined_pid_namespace(joins)->fd.get(), F_DUPFD_CLOEXEC, 3));
    if (!context.pid_namespace.valid()) return fail_errno("keeping the pid namespace");
    unseen.execution = TRY(make_seqpacket_pair());
    unseen.child.emplace(TRY(ClonedPage::make()));
    Result<Cloned> cloned = clone_process(0, cloning.cgroup);
    if (!cloned) return Failure(explain_clone(cloning, std::move(cloned).error()));
    if (cloned->pid == 0) join_and_become_init(cloning, joins, unseen);
    unseen.execution.theirs.reset();
    return Process(cloned->pid, std::move(cloned->pidfd));
}

}  // namespace

Result<Process> clone_init(const InitCloning& cloning, UnseenInit& unseen) {
    if (cloning.plan.namespaces.joins.empty()) return clone_directly(cloning);
    const std::vector<OpenedJoin> joins = TRY(open_joins(cloning.plan, cloning.context.proc.get()));
    if (can_work_unseen(cloning.plan, joins)) return clone_unseen(cloning, joins, unseen);
    return clone_through_joined(cloning, joins);
}

}  // namespace sampan
