#include "launch/enter.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include "base/text.h"
#include "launch/await_execution.h"
#include "launch/become_stub.h"
#include "launch/cloned.h"
#include "launch/streams.h"
#include "launch/sync.h"
#include "launch/terminal.h"
#include "os/file.h"
#include "os/out_of_memory.h"
#include "os/procfs.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sampan {

namespace {

// The process in between. The container must never see it: it stays outside of the container's pid
// namespace or, if the container has none of its own, it is not dumpable (CVE-2016-9962). The rules
// of launch/init.h for the time after the clone apply here too.
class Between {
  public:
    // What it has from `exec`.
    struct Given {
        Fd proc;
        const NamespacesToJoin& joins;
        Sync& sync;
        int execution;  // the socket of its child, the program's process
        int cloned;     // the file of a ClonedPage
    };
    Between(const Entry& entry, Given given)
        : entry_(entry),
          given_(std::move(given)),
          last_({.process = entry.plan.process,
                 .phases = entry.plan.phases,
                 .context = context_,
                 .sync = given_.sync,
                 .role = stub::Role::exec,
                 .execution = given_.execution,
                 .cloned = given_.cloned,
                 .seccomp = entry.seccomp,
                 .hook_state = {}}) {
        context_.proc = std::move(given_.proc);
    }

    Status apply(const ResetSignals&) { return reset_signals(); }
    Status apply(const WriteOomScoreAdj& step);
    Status apply(const HideFromOthers&) { return set_dumpable(false); }
    Status apply(const EnterCgroup&) { return entry_.cgroup.enter(); }
    Status apply(const EnterContainer& step);
    Status apply(const Action& step) { return sampan::apply(step, context_); }
    Status apply(const UseTerminal& step);
    template <class Step>
    requires requires(LastPreparations& last, const Step& step) { last.apply(step); }
    Status apply(const Step& step) { return last_.apply(step); }

  private:
    Status open_chroot();

    const Entry& entry_;
    Given given_;
    Context context_;
    LastPreparations last_;
};

// Without a mount namespace of its own, the container's root is the root of its first process, even
// if that process is in another mount namespace than ours: that of the caller of create. And it
// must be found even if both are the same, because setns(2) goes to the root of the whole
// namespace, which is the host's. It is opened while we have the rights to do so.
Status Between::open_chroot() {
    if (!entry_.chrooted && (given_.joins.types & CLONE_NEWNS) != 0) return {};
    context_.root =
        TRY(open_at(context_.proc.get(), format("{}/root", entry_.init), O_PATH | O_DIRECTORY));
    return {};
}

Status Between::apply(const WriteOomScoreAdj& step) {
    return sampan::apply(step, context_.proc.get(), 0).at(step.origin);
}

Status Between::apply(const EnterContainer&) {
    TRY(open_chroot());
    TRY(join_namespaces_of(entry_.init_pidfd.get(), given_.joins).in("entering the container"));
    const ProcessPlan& process = entry_.plan.process;
    const Setgroups setgroups = TRY(read_setgroups(context_.proc.get(), process.credentials));
    last_.set_setgroups(setgroups);
    if (given_.joins.user.valid()) TRY(become_namespace_root(setgroups));
    TRY(check_user_namespace(process.credentials, setgroups, context_.proc.get(), process.origin));
    // Again, because a change of ids may have made us dumpable (fs.suid_dumpable).
    TRY(set_dumpable(false));
    if (context_.root.valid())
        return sampan::apply(ChrootInto{.origin = "", .move = false}, context_);
    context_.root = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    return {};
}

Status Between::apply(const UseTerminal& step) {
    TRY(given_.sync.send(MessageType::console, 0, context_.console.get()));
    return put_console_on_stdio(context_, step.owner);
}

// A CPU mask that applies to the processes that we clone meanwhile.
class AffinityOfChildren {
  public:
    static Result<AffinityOfChildren> set(const std::optional<SetCpuAffinity>& wanted) {
        if (!wanted) return AffinityOfChildren({});
        AffinityOfChildren affinity(TRY(cpu_mask()));
        TRY(apply(*wanted).in(describe(*wanted)).at(wanted->origin));
        return affinity;
    }
    AffinityOfChildren(AffinityOfChildren&& other) noexcept : before_(std::move(other.before_)) {
        other.before_.clear();
    }
    AffinityOfChildren(const AffinityOfChildren&) = delete;
    AffinityOfChildren& operator=(AffinityOfChildren&&) = delete;
    AffinityOfChildren& operator=(const AffinityOfChildren&) = delete;
    ~AffinityOfChildren() {
        if (!before_.empty()) (void)set_cpu_mask(before_);
    }

  private:
    explicit AffinityOfChildren(std::vector<uint64_t> before) : before_(std::move(before)) {}
    std::vector<uint64_t> before_;
};

}  // namespace

Status Entering::prepare() {
    SocketPair between = TRY(make_seqpacket_pair());
    sync_.emplace(std::move(between.ours), entry_.plan.process.origin);
    sync_->on_warning(entry_.on_warning);
    between_sync_.emplace(std::move(between.theirs));
    execution_ = TRY(make_seqpacket_pair());
    cloned_.emplace(TRY(ClonedPage::make()));
    return {};
}

Result<Cloned> Entering::clone_into_cgroup() {
    const int cgroup = entry_.cgroup.clone_fd();
    Result<Cloned> cloned = clone_process(0, cgroup);
    if (cloned || cgroup < 0) return cloned;
    if (cloned.error().code() == EACCES && entry_.move_in) {
        waits_for_move_ = true;
        return clone_process(0);
    }
    if (cloned.error().code() != EBUSY) return cloned;
    const Fd other = TRY(entry_.other_cgroup(proc_.get()));
    return clone_process(0, other.get());
}

void Entering::become_between(const NamespacesToJoin& joins) noexcept {
    sync_->close();
    execution_.ours.reset();
    if (waits_for_move_ && !between_sync_->expect(MessageType::proceed)) ::_exit(1);
    Between between(entry_, {.proc = std::move(proc_),
                             .joins = joins,
                             .sync = *between_sync_,
                             .execution = execution_.theirs.get(),
                             .cloned = cloned_->file()});
    const Status failed =
        or_out_of_memory([&] { return walk_all(entry_.plan.phases, Walker::between, between); });
    if (!failed) between_sync_->send_failure(failed.error());
    ::_exit(1);
}

Status Entering::apply(const CloneBetween& step) {
    proc_ = TRY(open_proc());
    const NamespacesToJoin joins =
        TRY(namespaces_to_join(proc_.get(), entry_.init, entry_.namespaces));
    const AffinityOfChildren affinity = TRY(AffinityOfChildren::set(step.affinity));
    Cloned cloned = TRY(clone_into_cgroup());
    if (cloned.pid == 0) become_between(joins);
    between_ = Process(cloned.pid, std::move(cloned.pidfd));
    between_sync_->close();
    execution_.theirs.reset();
    if (waits_for_move_) {
        TRY(entry_.move_in(between_.pid()).in("joining the container's cgroup"));
        TRY(sync_->send(MessageType::proceed));
    }
    notice_delay();
    return {};
}

void Entering::notice_delay() const {
    constexpr int patience_ms = 1000;
    pollfd said{sync_->socket(), POLLIN, 0};
    if (::poll(&said, 1, patience_ms) == 0) entry_.on_delay();
}

Status Entering::apply(const HandTerminalOn&) {
    TRY(entry_.on_console(TRY(receive_terminal(*sync_))));
    notice_delay();
    return {};
}

// The program's process is ready when the process in between has ended: then nobody else writes to
// the page.
Status Entering::apply(const Await&) {
    TRY(sync_->expect_end());
    const ExitStatus ended = TRY(between_.wait());
    const stub::ClonedProgram& told = cloned_->told();
    if (told.error != 0) return failed_clone(told.error, entry_.plan.process.origin);
    if (told.pid <= 0)
        return failf(ErrorKind::ended_early, "the process that enters the container {}",
                     describe(ended));
    process_ = TRY(adopt_child(told.pid));
    return {};
}

Status Entering::apply(const SetScheduler& step) {
    return sampan::apply(step, pid());
}

Status Entering::apply(const SetIoPriority& step) {
    return sampan::apply(step, pid());
}

Status Entering::apply(const SetRlimit& step) {
    return sampan::apply(step, pid()).at(step.origin);
}

Status Entering::apply(const GivePipes&) {
    return give_pipes(entry_.plan.process, proc_.get(), pid());
}

Status Entering::apply(const LetExecute&) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(pid()));
    const std::optional<FileIdentity> file = TRY(executed_file(pid()));
    if (!stat || !file)
        return fail(ErrorKind::ended_early, "the process ended before its program was executed");
    const StubProcess stub{pid(), process_.pidfd(), stat->start_time, *file};
    const ExecPlan& plan = entry_.plan;
    const ExecutedProcess executed{.process = plan.process_asked,
                                   .id_maps = plan.id_maps,
                                   .pid = pid(),
                                   .pidfd = process_.pidfd(),
                                   .origin = plan.process.origin};
    return let_execute(
        std::move(execution_.ours), stub,
        {.on_hook_done = nullptr,
         .on_listener = [&](const Fd& listener) { return entry_.on_listener(listener, pid()); },
         .explain = [&](const stub::Report& report) { return explain_execution(report, executed); },
         .is_filtered = [this] { return entry_.seccomp != nullptr; }});
}

Error Entering::explain(Error error) {
    if (error.kind() != ErrorKind::hung_up || between_.pid() <= 0) return error;
    const Result<ExitStatus> status = between_.wait();
    if (!status) return error;
    return Error(ErrorKind::ended_early,
                 format("the process that enters the container {}", describe(*status)));
}

}  // namespace sampan
