#include "launch/enter.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "launch/execution.h"
#include "launch/last_preparations.h"
#include "launch/supervise.h"
#include "launch/sync.h"
#include "linux/namespaces.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sampan {

namespace {

// The process in between. It is never to be seen in the container: it stays outside of its pid
// namespace, and where the container has none of its own, it is not dumpable (CVE-2016-9962).
// What launch/init.h says of the time after the clone holds here, too.
class Between {
  public:
    Between(const Entry& entry, Fd proc, int foreign, Sync& sync)
        : entry_(entry), foreign_(foreign), sync_(sync) {
        context_.proc = std::move(proc);
    }
    // Ends as the stub; returns only when something failed.
    Error run();

  private:
    Status prepare();
    Status open_chroot();
    Status join();
    Status take_console();

    const Entry& entry_;
    const int foreign_;  // CLONE_NEW* of the namespaces to join
    Sync& sync_;
    Setgroups setgroups_ = Setgroups::allowed;  // known once they are joined
    Context context_;
};

// Without a mount namespace of its own the container's root is that of its first process, also
// where its mount namespace, the one of the caller of create, is not ours. Nor may it be ours that
// decides alone: setns(2) goes to the root of the whole namespace, the host's. Looked for while we
// have the rights to.
Status Between::open_chroot() {
    if (!entry_.chrooted && (foreign_ & CLONE_NEWNS) != 0) return {};
    context_.root =
        TRY(open_at(context_.proc.get(), format("{}/root", entry_.init), O_PATH | O_DIRECTORY));
    return {};
}

// All at once: the kernel enters the user namespace first, and looks at our rights of before.
Status Between::join() {
    if (foreign_ != 0)
        TRY(join_namespace(entry_.init_pidfd.get(), foreign_).in("entering the container"));
    setgroups_ = TRY(read_setgroups(context_.proc.get()));
    if ((foreign_ & CLONE_NEWUSER) != 0) TRY(become_namespace_root(setgroups_));
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
    TRY(sync_.send(MessageType::console, 0, context_.console.get()));
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
                        .sync = sync_.socket(),
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
    Entering(const Entry& entry, SocketPair sockets)
        : entry_(entry),
          sync_(std::move(sockets.ours), entry.plan.process.origin),
          between_sync_(std::move(sockets.theirs)) {}

    Status clone();
    // Gives the process that waits for our word.
    Result<Process> converse();
    Status release(const Process& process);
    // The reason that is behind an end of the conversation.
    Error explain(Error error);

  private:
    Result<Cloned> clone_into_cgroup(int proc);
    Status hand_over(const Process& process);

    const Entry& entry_;
    Sync sync_;
    Sync between_sync_;
    Process between_;
    bool waits_for_move_ = false;  // the process in between, until somebody moved it
};

Result<Cloned> Entering::clone_into_cgroup(int proc) {
    const int cgroup = entry_.cgroup.clone_fd();
    Result<Cloned> cloned = clone_process(0, cgroup);
    if (cloned || cgroup < 0) return cloned;
    if (cloned.error().code() == EACCES && entry_.move_in) {
        waits_for_move_ = true;
        return clone_process(0);
    }
    if (cloned.error().code() != EBUSY) return cloned;
    const Fd other = TRY(entry_.other_cgroup(proc));
    return clone_process(0, other.get());
}

Status Entering::clone() {
    Fd proc = TRY(open_proc());
    const int foreign = TRY(foreign_namespaces(proc.get(), entry_.init));
    const AffinityOfChildren affinity = TRY(AffinityOfChildren::set(entry_.plan.initial_affinity));
    Cloned cloned = TRY(clone_into_cgroup(proc.get()));
    if (cloned.pid == 0) {
        sync_.close();
        if (waits_for_move_ && !between_sync_.expect(MessageType::proceed)) ::_exit(1);
        between_sync_.send_failure(Between(entry_, std::move(proc), foreign, between_sync_).run());
        ::_exit(1);
    }
    between_ = Process(cloned.pid, std::move(cloned.pidfd));
    between_sync_.close();
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
    return entry_.on_ready(process.pid());
}

Result<Process> Entering::converse() {
    if (entry_.plan.process.terminal) {
        Heard console = TRY(sync_.expect(MessageType::console));
        TRY(entry_.on_console(std::move(console.fd)));
    }
    // Its child has our socket, too, and waits for a word: the end of the process in between shows
    // in nothing else.
    if (!TRY(wait_for_input(sync_.socket(), between_.pidfd())))
        return std::unexpected(end_of_conversation());
    const Heard ready = TRY(sync_.expect(MessageType::ready));
    // Our child, not reaped yet: the number cannot be another process's.
    Process process(ready.value, TRY(open_pidfd(ready.value)));
    TRY(between_.wait());
    TRY(hand_over(process));
    return process;
}

// Lets the process execute its program.
Status Entering::release(const Process& process) {
    const std::optional<ProcessStat> stat = TRY(read_process_stat(process.pid()));
    const std::optional<FileIdentity> file = TRY(executed_file(process.pid()));
    if (!stat || !file) return failf("the process ended before its program was executed");
    const StubProcess stub{process.pid(), process.pidfd(), stat->start_time, *file};
    TRY(sync_.commit());
    const ExecPlan& plan = entry_.plan;
    const ExecutedProcess executed{.process = plan.process_asked,
                                   .id_maps = plan.id_maps,
                                   .pid = process.pid(),
                                   .origin = plan.process.origin};
    return await_execution(
        std::move(sync_).take(), stub,
        {.on_hook_done = nullptr,
         .on_listener =
             [&](const Fd& listener) { return entry_.on_listener(listener, process.pid()); },
         .explain = [&](const stub::Report& report) { return explain_execution(report, executed); },
         .is_filtered = [this] { return entry_.seccomp != nullptr; }});
}

Error Entering::explain(Error error) {
    if (!is_end_of_conversation(error) || between_.pid() <= 0) return error;
    const Result<ExitStatus> status = between_.wait();
    if (!status) return error;
    return Error(format("the process that enters the container {}", describe(*status)));
}

}  // namespace

Result<Process> enter_container(const Entry& entry) {
    Entering entering(entry, TRY(make_seqpacket_pair()));
    TRY(entering.clone());
    Result<Process> process = entering.converse();
    if (!process) return std::unexpected(entering.explain(std::move(process).error()));
    TRY(entering.release(*process));
    return process;
}

}  // namespace sampan
