#include "container/start.h"

#include <signal.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/text.h"
#include "container/destroy.h"
#include "launch/await_execution.h"
#include "launch/seccomp_agent.h"
#include "launch/sync.h"
#include "linux/id_map.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/process.h"
#include "os/socket.h"
#include "plan/phases.h"
#include "spec/spec.h"

namespace sampan {

namespace {

// One start; it walks the phases of start.
class Start {
  public:
    Start(const Store& store,
          const Container& container,
          Lock lock,
          const StartOptions& options,
          Warnings& warnings)
        : store_(store),
          container_(container),
          record_(container.record),
          lock_(std::move(lock)),
          options_(options),
          warnings_(warnings) {}

    Status run();

    Status apply(const ListenForReadiness& step);
    Status apply(const ConnectToAgent& step);
    Status apply(const LetExecute& step);
    Status apply(const RemoveGate& step);
    Status apply(const RunHook& step);
    Status apply(const AwaitReadiness& step);

  private:
    Result<StartPhases> plan();
    Status walk_phases();
    [[nodiscard]] Result<Fd> connect() const;
    Status keep_output(const stub::Report& report);
    bool has_filter();
    Result<const Spec*> config();
    Status let_agent_listen(const Fd& listener);
    Error explain(const stub::Report& report);
    Result<Warnings> destroy_again_locked();

    const Store& store_;
    const Container& container_;
    const Record& record_;
    std::optional<Lock> lock_;
    const StartOptions& options_;
    Warnings& warnings_;
    Fd pidfd_;
    std::optional<NotifyProxy> notify_;
    // The config.json that create read, once something of it is needed.
    std::optional<Spec> config_;
    size_t next_hook_ = 0;  // the first about which no message has come
    // Of a filter that notifies an agent; closed once the agent has its message.
    Fd agent_;
};

Result<const Spec*> Start::config() {
    if (!config_) config_ = TRY(read_kept_config(container_.folder));
    return &*config_;
}

// Before the program is let go: if its agent is missing, the container stays created.
Status Start::apply(const ConnectToAgent&) {
    const Spec& spec = *TRY(config());
    if (!spec.linux_ || !spec.linux_->seccomp) return {};
    agent_ = TRY(connect_to_agent(*spec.linux_->seccomp, record_.bundle));
    return {};
}

// The program may already be running; without an agent its system calls would fail in confusing
// ways.
Status Start::let_agent_listen(const Fd& listener) {
    if (!agent_.valid()) return failf("a descriptor for an agent that nobody asked for");
    Status sent =
        send_to_agent(agent_.get(), listener.get(), *TRY(config())->linux_->seccomp,
                      identity_of(record_), {ContainerStatus::created, record_.pid, record_.pid});
    agent_.reset();
    if (sent) return sent;
    TRY(send_signal(pidfd_.get(), SIGKILL));
    TRY(wait_for_end(pidfd_.get(), -1));
    return sent;
}

Error Start::explain(const stub::Report& report) {
    const Result<const Spec*> read = config();
    if (!read) return read.error();
    const Spec& spec = **read;
    const spec::Process process = spec.process.value_or(spec::Process{});
    const ExecutedProcess executed{.process = process,
                                   .id_maps = plan_id_maps(spec),
                                   .pid = record_.pid,
                                   .pidfd = pidfd_.get(),
                                   .origin = "/process"};
    if (report.type != stub::ReportType::hook_failed) return explain_execution(report, executed);
    const std::vector<spec::Hook>& hooks = spec.hooks.start_container;
    if (report.index >= hooks.size()) return Error("a startContainer hook failed");
    const Result<Fd> root = open_root(executed);
    return describe_failed_hook(hooks[report.index], HookKind::start_container, report.index,
                                report.hook, {root ? root->get() : -1, describe_user(executed)});
}

// At most as many as there are hooks, and in their order.
Status Start::keep_output(const stub::Report& report) {
    const std::vector<spec::Hook>& hooks = TRY(config())->hooks.start_container;
    if (report.index < next_hook_ || report.index >= hooks.size())
        return failf("the container's process reports a startContainer hook that does not exist");
    next_hook_ = report.index + 1;
    container_.folder.log_hook(
        hook_log_entry(hooks[report.index], HookKind::start_container, report.index, report.hook));
    return append_hook_output(record_.annotations, {report.hook.output, report.hook.output_size});
}

bool Start::has_filter() {
    const Result<const Spec*> spec = config();
    return spec && (*spec)->linux_ && (*spec)->linux_->seccomp;
}

// To the process that waits at the gate. If it is gone, the connection is at its end at once.
Result<Fd> Start::connect() const {
    Result<Fd> connection = connect_in(container_.folder.dir(), gate_name, SOCK_SEQPACKET);
    if (connection || connection.error().code() != ECONNREFUSED) return connection;
    return std::move(TRY(make_seqpacket_pair()).ours);
}

Status Start::apply(const LetExecute&) {
    Fd connection = TRY(connect());
    TRY(let_execute(
        std::move(connection),
        {.pid = record_.pid,
         .pidfd = pidfd_.get(),
         .start_time = record_.start_time,
         .stub = {record_.waiting_device, record_.waiting_inode}},
        {.on_hook_done = [this](const stub::Report& report) { return keep_output(report); },
         .on_listener = [this](const Fd& listener) { return let_agent_listen(listener); },
         .explain = [this](const stub::Report& report) { return explain(report); },
         .is_filtered = [this] { return has_filter(); }}));
    if (agent_.valid())
        return fail(ErrorKind::ended_early, "the container ended before its program was executed");
    return {};
}

Status Start::apply(const RemoveGate&) {
    return remove_file(container_.folder.dir(), gate_name);
}

Status Start::apply(const RunHook& step) {
    lock_.reset();
    stop_sparing(LetGo::runs);
    const std::string state =
        hook_state(identity_of(record_), ContainerStatus::running, record_.pid);
    const HookLog log = [this](const std::string& text) { container_.folder.log_hook(text); };
    // The program runs already.
    Result<HookFiles> files = open_hook_files(record_.annotations);
    const HookFiles* named = files ? &*files : nullptr;
    if (!files) warnings_.push_back(std::move(files).error());
    return run_hook(step, {state, record_.bundle, log, -1, named});
}

// Before the program is let go: it may say at once that it is ready.
Status Start::apply(const ListenForReadiness&) {
    if (options_.notify_socket.empty()) return {};
    const auto open = [this]() -> Result<NotifyProxy> {
        const Fd folder = TRY(container_.folder.open_notify_folder());
        return NotifyProxy::open(folder.get(), options_.notify_socket);
    };
    // If nobody listens, the program runs all the same: the caller may have inherited the variable.
    Result<NotifyProxy> opened = open();
    if (opened)
        notify_ = std::move(*opened);
    else
        warnings_.push_back(std::move(opened).error());
    return {};
}

// The program is running, whatever happens here.
Status Start::apply(const AwaitReadiness&) {
    if (!notify_) return {};
    if (options_.notify_proxy != nullptr) {
        *options_.notify_proxy = std::move(notify_);
        return {};
    }
    lock_.reset();
    stop_sparing(LetGo::runs);
    Status told = notify_->wait_until_ready(record_.pid, pidfd_.get());
    if (!told) warnings_.push_back(std::move(told).error());
    return {};
}

Result<StartPhases> Start::plan() {
    StartParts parts{.has_agent = record_.has_seccomp_agent,
                     .notifies = record_.has_notify_folder,
                     .poststart = {}};
    if (record_.has_poststart_hooks) parts.poststart = TRY(config())->hooks.poststart;
    return start_phases(parts);
}

Status Start::walk_phases() {
    const StartPhases phases = TRY(plan());
    pidfd_ = TRY(open_init(record_));
    TRY(walk(phases.before, *this));
    return walk(phases.after, *this);
}

Status Start::run() {
    if (!record_.has_program) {
        return fail_at("/process/args",
                       "the container has no program: config.json has no process.args",
                       "add \"args\" to /process, such as [\"/bin/sh\"]");
    }
    Status started = walk_phases();
    if (started || started.error().kind() != ErrorKind::hook_failed) return started;
    Result<Warnings> destroyed = destroy_again_locked();
    if (!destroyed) {
        if (destroyed.error().kind() != ErrorKind::not_found)
            warnings_.push_back(std::move(destroyed).error());
    } else {
        for (Error& warning : *destroyed)
            warnings_.push_back(std::move(warning));
    }
    return started;
}

// Somebody may have deleted it while the poststart hooks ran.
Result<Warnings> Start::destroy_again_locked() {
    if (!lock_) lock_ = TRY(container_.folder.lock());
    return destroy(store_, TRY(find_locked(store_, container_.folder)));
}

}  // namespace

Status start_container(const Store& store,
                       const Container& container,
                       Lock lock,
                       const StartOptions& options,
                       Warnings& warnings) {
    return Start(store, container, std::move(lock), options, warnings).run();
}

Status start_container(const Store& store,
                       const std::string& name,
                       const StartOptions& options,
                       Warnings& warnings) {
    LockedContainer locked = TRY(lock_for(Operation::start, store, name));
    return start_container(store, locked.container, std::move(locked.lock), options, warnings);
}

}  // namespace sampan
