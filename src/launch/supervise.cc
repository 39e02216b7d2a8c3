#include "launch/supervise.h"

#include <utility>
#include <variant>

#include "base/text.h"
#include "launch/init.h"
#include "launch/inner_sources.h"
#include "launch/streams.h"
#include "launch/terminal.h"
#include "os/procfs.h"
#include "os/socket.h"

namespace sampan {

namespace {

// A pid namespace ends when all of its processes have ended.
constexpr int patience_ms = 10000;

// Each source and each mount may need a descriptor.
size_t count_descriptors(const Plan& plan) {
    size_t count = 64;  // of all else
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (std::holds_alternative<OpenSource>(step) || std::holds_alternative<Action>(step))
                ++count;
    return count;
}

Error ended_before_ready(const ExitStatus& status) {
    return Error(ErrorKind::ended_early, format("init {} before it was ready", describe(status)));
}

}  // namespace

Status Supervisor::prepare() {
    SocketPair sockets = TRY(make_seqpacket_pair());
    sync_.emplace(std::move(sockets.ours));
    init_sync_.emplace(std::move(sockets.theirs));
    context_.proc = TRY(open_proc());
    if (plan().hooks != spec::Hooks{})
        hook_files_ = TRY(open_hook_files(launch_.identity.annotations));
    return {};
}

Status Supervisor::make_room() {
    if (std::exchange(has_room_, true)) return {};
    return context_.room.make(count_descriptors(plan()));
}

Status Supervisor::apply(const OpenSource& step) {
    TRY(make_room());
    return sampan::apply(step, context_).in(describe(step)).at(step.origin);
}

void Supervisor::become_init() noexcept {
    sync_->close();
    if (launch_.log_of_root.before) context_.made_log = init_sync_->teller();
    run_init({.plan = plan(),
              .cgroup = launch_.cgroup.join(),
              .seccomp = launch_.seccomp,
              .identity = launch_.identity,
              .context = context_,
              .sync = *init_sync_,
              .hook_files = hook_files_,
              .gate = launch_.gate,
              .execution = unseen_.execution.theirs.get(),
              .cloned = unseen_.is_one() ? unseen_.child->file() : -1});
}

Status Supervisor::apply(const CloneInit& step) {
    TRY(make_room());
    sync_->on_hook_output(launch_.on_hook_output);
    sync_->on_warning(launch_.on_warning);
    sync_->on_made(launch_.log_of_root);
    const std::function<void()> become = [this] { become_init(); };
    init_ = TRY(clone_init({.plan = plan(),
                            .new_types = step.new_types,
                            .cgroup = launch_.cgroup.clone_fd(),
                            .context = context_,
                            .ours = *sync_,
                            .inits = *init_sync_,
                            .become_init = become},
                           unseen_));
    init_sync_->close();
    // Init has them now, and our hooks must run as if we had never had them.
    context_.sources.clear();
    return context_.room.give_back();
}

Status Supervisor::apply(const WriteOomScoreAdj& step) {
    return sampan::apply(step, proc(), pid()).at(step.origin);
}

// Once the process that worked for it has ended, nobody else writes to the page.
Status Supervisor::meet_child() {
    TRY(sync_->expect_end());
    const ExitStatus ended = TRY(init_.wait());
    const stub::ClonedProgram& told = unseen_.child->told();
    if (told.error != 0) return failed_clone(told.error, plan().process.origin);
    if (told.pid <= 0) return Failure(ended_before_ready(ended));
    init_ = TRY(adopt_child(told.pid));
    const ProcessPlan& process = plan().process;
    if (process.scheduler) TRY(sampan::apply(*process.scheduler, pid()));
    return process.io_priority ? sampan::apply(*process.io_priority, pid()) : Status();
}

Status Supervisor::apply(const Await& step) {
    if (step.word == Word::ready && unseen_.is_one()) return meet_child();
    return sync_->await(step.word);
}

Status Supervisor::apply(const Say& step) {
    if (step.word == Word::committed && unseen_.is_one())
        return let_go_on(unseen_.execution.ours.get()).in("letting init go on");
    return sync_->say(step.word);
}

Status Supervisor::apply(const WriteIdMaps& step) {
    return write_id_maps(step.maps, step.rights, proc(), pid())
        .in("mapping the ids of the user namespace")
        .at(step.origin);
}

Status Supervisor::apply(const MoveNetDevices& step) {
    return net_devices_.move(step.devices, proc(), pid());
}

Status Supervisor::open_inside(const Phase& phase) {
    Status sent = send_inner_sources(phase, proc(), pid(), *sync_);
    // Init has gone, and has told us why: that is the error, not what its opener met.
    if (!sent && sync_->has_hung_up()) return end_of_conversation();
    return sent;
}

Status Supervisor::apply(const RunHook& step) {
    const std::string state = hook_state(launch_.identity, spec::ContainerStatus::creating, pid());
    return run_hook(step,
                    {state, plan().bundle, launch_.on_hook_output, init_.pidfd(), &hook_files_});
}

Status Supervisor::apply(const HandTerminalOn&) {
    return launch_.on_console(TRY(receive_terminal(*sync_)));
}

Status Supervisor::apply(const SetScheduler& step) {
    // It is for the program's process, which an init that works unseen does not become.
    if (unseen_.is_one()) return {};
    return sampan::apply(step, pid());
}

Status Supervisor::apply(const SetIoPriority& step) {
    if (unseen_.is_one()) return {};
    return sampan::apply(step, pid());
}

Status Supervisor::apply(const SetRlimit& step) {
    return sampan::apply(step, pid()).at(step.origin);
}

Status Supervisor::apply(const GivePipes&) {
    return give_pipes(plan().process, proc(), pid());
}

Process Supervisor::take() {
    net_devices_.release();
    return std::move(init_);
}

// If something fails because init is ending (a hook that is killed, a file of its /proc/PID), the
// end of init is the reason.
Error Supervisor::explain(Error error) {
    if (pid() <= 0) return error;
    const bool silent = error.kind() == ErrorKind::hung_up;
    // For a limited time, because init may hang up and not end, and others wait for us.
    const Result<bool> ended = wait_for_end(init_.pidfd(), silent ? patience_ms : 0);
    if (!ended || !*ended) return error;
    if (std::optional<Error> last = sync_->last_failure()) return std::move(*last);
    const Result<ExitStatus> status = init_.wait();
    // If init has ended by itself, it has said why: then that is the error.
    if (!status || (!silent && status->signal == 0)) return error;
    return ended_before_ready(*status);
}

}  // namespace sampan
