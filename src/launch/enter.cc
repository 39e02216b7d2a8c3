#include "launch/enter.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <span>

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

// The process in between. It is never to be seen in the container: it stays outside of its pid
// namespace, and where the container has none of its own, it is not dumpable (CVE-2016-9962).
// What launch/init.h says of the time after the clone holds here, too.
class Between {
  public:
    // What it got from `exec`.
    struct Given {
        Fd proc;
        const NamespacesToJoin& joins;
        Sync& sync;
        int execution;  // the socket of its child, the program's process
        int cloned;     // the file of a ClonedPage
    };
    Between(const Entry& entry, Given given) : entry_(entry), given_(std::move(given)) {
        context_.proc = std::move(given_.proc);
    }
    // Ends as the stub; returns only when something failed.
    Error run();

  private:
    Status prepare();
    Status open_chroot();
    Status join();
    Status take_console();

    const Entry& entry_;
    Given given_;
    Setgroups setgroups_ = Setgroups::allowed;  // known once they are joined
    Context context_;
};

// Without a mount namespace of its own the container's root is that of its first process, also
// where its mount namespace, the one of the caller of create, is not ours. Nor may it be ours that
// decides alone: setns(2) goes to the root of the whole namespace, the host's. Looked for while we
// have the rights to.
Status Between::open_chroot() {
    if (!entry_.chrooted && (given_.joins.types & CLONE_NEWNS) != 0) return {};
    context_.root =
        TRY(open_at(context_.proc.get(), format("{}/root", entry_.init), O_PATH | O_DIRECTORY));
    return {};
}

Status Between::join() {
    TRY(join_namespaces_of(entry_.init_pidfd.get(), given_.joins).in("entering the container"));
    setgroups_ = TRY(read_setgroups(context_.proc.get()));
    if (given_.joins.user.valid()) TRY(become_namespace_root(setgroups_));
    const ProcessPlan& process = entry_.plan.process;
    TRY(check_user_namespace(process.credentials, setgroups_, context_.proc.get(), process.origin));
    // Once more: a change of ids may have made us dumpable (fs.suid_dumpable).
    TRY(set_dumpable(false));
    if (context_.root.valid()) return apply(ChrootInto{.origin = "", .move = false}, context_);
    context_.root = TRY(open_at(cwd, "/", O_PATH | O_DIRECTORY));
    return {};
}

Status Between::take_console() {
    if (!context_.console.valid()) return {};
    TRY(given_.sync.send(MessageType::console, 0, context_.console.get()));
    return put_console_on_stdio(context_, entry_.plan.process.credentials.uid);
}

Status Between::prepare() {
    const ExecPlan& plan = entry_.plan;
    TRY(reset_signals());
    // By ourselves and before we hide: afterwards the file is root's.
    if (plan.process.oom_score_adj)
        TRY(apply(*plan.process.oom_score_adj, context_.proc.get(), 0)
                .at(plan.process.oom_score_adj->origin));
    TRY(set_dumpable(false));
    TRY(open_chroot());
    // First the cgroup: whoever ends the container finds there what its first process does not
    // take with it.
    TRY(entry_.cgroup.enter());
    TRY(join());
    ::umask(022);  // of folders that have to be made; the container's own is set last
    for (const Action& action : plan.inside)
        TRY(apply(action, context_));
    return take_console();
}

Error Between::run() {
    const Status done = prepare();
    if (!done) return done.error();
    static const std::vector<spec::Hook> no_hooks;
    return become_stub({.process = entry_.plan.process,
                        .context = context_,
                        .setgroups = setgroups_,
                        .sync = given_.sync,
                        .execution = given_.execution,
                        .cloned = given_.cloned,
                        .seccomp = entry_.seccomp,
                        .start_hooks = no_hooks,
                        .hook_state = ""});
}

// A mask of CPUs that holds for what we clone meanwhile.
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

class Entering {
  public:
    struct Channels {
        SocketPair between;    // with the process in between
        SocketPair execution;  // with the program's process
        ClonedPage cloned;
    };
    Entering(const Entry& entry, Channels channels)
        : entry_(entry),
          sync_(std::move(channels.between.ours), entry.plan.process.origin),
          between_sync_(std::move(channels.between.theirs)),
          execution_(std::move(channels.execution)),
          cloned_(std::move(channels.cloned)) {}

    Status clone();
    // Gives the process that waits for our word.
    Result<Process> converse();
    Status release(const Process& process);
    // The reason that is behind an end of the conversation.
    Error explain(Error error);

  private:
    [[noreturn]] void become_between(const NamespacesToJoin& joins) noexcept;
    Result<Cloned> clone_into_cgroup();
    void notice_delay() const;
    Result<Process> take_cloned();
    Status hand_over(const Process& process);

    const Entry& entry_;
    Fd proc_;
    Sync sync_;
    Sync between_sync_;
    SocketPair execution_;
    ClonedPage cloned_;
    Process between_;
    bool waits_for_move_ = false;  // the process in between, until somebody moved it
};

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
    sync_.close();
    execution_.ours.reset();
    if (waits_for_move_ && !between_sync_.expect(MessageType::proceed)) ::_exit(1);
    Between between(entry_, {.proc = std::move(proc_),
                             .joins = joins,
                             .sync = between_sync_,
                             .execution = execution_.theirs.get(),
                             .cloned = cloned_.file()});
    const Status failed =
        or_out_of_memory([&between]() -> Status { return Failure(between.run()); });
    between_sync_.send_failure(failed.error());
    ::_exit(1);
}

Status Entering::clone() {
    proc_ = TRY(open_proc());
    const NamespacesToJoin joins =
        TRY(namespaces_to_join(proc_.get(), entry_.init, entry_.namespaces));
    const AffinityOfChildren affinity = TRY(AffinityOfChildren::set(entry_.plan.initial_affinity));
    Cloned cloned = TRY(clone_into_cgroup());
    if (cloned.pid == 0) become_between(joins);
    between_ = Process(cloned.pid, std::move(cloned.pidfd));
    between_sync_.close();
    execution_.theirs.reset();
    if (!waits_for_move_) return {};
    TRY(entry_.move_in(between_.pid()).in("joining the container's cgroup"));
    return sync_.send(MessageType::proceed);
}

// What needs our privileges, or needs not be low for the preparations.
Status Entering::hand_over(const Process& process) {
    const ProcessPlan& plan = entry_.plan.process;
    const auto take = [&process](const auto& step) -> Status {
        if (!step) return {};
        return sampan::apply(*step, process.pid()).in(describe(*step)).at(step->origin);
    };
    TRY(take(plan.scheduler));
    TRY(take(plan.io_priority));
    if (plan.own_user_namespace)
        for (const SetRlimit& limit : plan.rlimits)
            TRY(apply(limit, process.pid()).at(limit.origin));
    if (!plan.terminal) TRY(give_pipes(plan, proc_.get(), process.pid()));
    return entry_.on_ready(process.pid());
}

// Once the process in between has ended: then nobody else writes what the page tells.
Result<Process> Entering::take_cloned() {
    const ExitStatus ended = TRY(between_.wait());
    const stub::ClonedProgram& told = cloned_.told();
    if (told.error != 0) return failed_clone(told.error, entry_.plan.process.origin);
    if (told.pid <= 0)
        return failf(ErrorKind::ended_early, "the process that enters the container {}",
                     sampan::describe(ended));
    return adopt_child(told.pid);
}

void Entering::notice_delay() const {
    constexpr int patience_ms = 1000;
    pollfd said{sync_.socket(), POLLIN, 0};
    if (::poll(&said, 1, patience_ms) == 0) entry_.on_delay();
}

Result<Process> Entering::converse() {
    sync_.on_warning(entry_.on_warning);
    notice_delay();
    if (entry_.plan.process.terminal) TRY(entry_.on_console(TRY(receive_terminal(sync_))));
    notice_delay();
    TRY(sync_.expect_end());
    Process process = TRY(take_cloned());
    TRY(hand_over(process));
    return process;
}

// Lets the process execute its program.
Status Entering::release(const Process& process) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(process.pid()));
    const std::optional<FileIdentity> file = TRY(executed_file(process.pid()));
    if (!stat || !file)
        return fail(ErrorKind::ended_early, "the process ended before its program was executed");
    const StubProcess stub{process.pid(), process.pidfd(), stat->start_time, *file};
    const ExecPlan& plan = entry_.plan;
    const ExecutedProcess executed{.process = plan.process_asked,
                                   .id_maps = plan.id_maps,
                                   .pid = process.pid(),
                                   .pidfd = process.pidfd(),
                                   .origin = plan.process.origin};
    return let_execute(
        std::move(execution_.ours), stub,
        {.on_hook_done = nullptr,
         .on_listener =
             [&](const Fd& listener) { return entry_.on_listener(listener, process.pid()); },
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

}  // namespace

Result<Process> enter_container(const Entry& entry) {
    Entering entering(entry, {.between = TRY(make_seqpacket_pair()),
                              .execution = TRY(make_seqpacket_pair()),
                              .cloned = TRY(ClonedPage::make())});
    TRY(entering.clone());
    Result<Process> process = entering.converse();
    if (!process) return Failure(entering.explain(std::move(process).error()));
    TRY(entering.release(*process));
    return process;
}

}  // namespace sampan
