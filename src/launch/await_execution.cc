#include "launch/await_execution.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <span>

#include "base/text.h"
#include "launch/message.h"
#include "launch/seccomp_agent.h"
#include "launch/sync.h"
#include "linux/capabilities.h"
#include "linux/exec_failure.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/process.h"
#include "os/socket.h"
#include "plan/traced.h"

namespace sampan {

namespace {

std::optional<ProcessStat> look_at(const StubProcess& process) {
    Result<std::optional<ProcessStat>> stat = read_process_stat(process.pid);
    if (!stat || !*stat || !(*stat)->started_at(process.start_time)) return std::nullopt;
    return std::move(*stat);
}

// The kernel closes the connection both at execve(2) and when the process ends, and the program may
// have ended meanwhile too. If its parent has already reaped it, the stub's last message decides.
// While the process lives, its own messages are not needed.
bool was_executed(const StubProcess& process, bool said_so) {
    const Result<std::optional<FileIdentity>> file = executed_file(process.pid);
    // execve(2) changes this before it closes descriptors.
    if (file && *file) return **file != process.stub;
    // The process has no memory any more: it is ending. Its name is that of what it executed last.
    const std::optional<ProcessStat> stat = look_at(process);
    return said_so && (!stat || stat->name != stub::process_name);
}

// It ends by itself once nobody listens any more; or it would never end.
Status end_process(const StubProcess& process) {
    constexpr int patience_ms = 2000;
    if (TRY(wait_for_end(process.pidfd, patience_ms))) return {};
    Status sent = send_signal(process.pidfd, SIGKILL);
    if (!sent && sent.error().code() != ESRCH) return sent;
    constexpr int last_patience_ms = 10000;  // a frozen process does not end
    if (TRY(wait_for_end(process.pidfd, last_patience_ms))) return {};
    return failf(ErrorKind::timed_out, "process {} does not end within {} s of SIGKILL",
                 process.pid, last_patience_ms / 1000);
}

Error explain_silent_end(const StubProcess& process, bool filtered) {
    if (Status ended = end_process(process); !ended) return std::move(ended).error();
    const std::optional<ProcessStat> stat = look_at(process);
    const std::string how = stat && stat->ended ? describe(*stat->ended) : "ended";
    Error error(ErrorKind::ended_early,
                format("the container's process {} before its program was executed", how));
    if (!filtered) return error;
    error.set_pointer("/linux/seccomp");
    error.set_hint(
        "the seccomp filter must allow execve(2), and write(2) for the reason of a failure to be "
        "told");
    return error;
}

// What the stub says, one report after another.
class Tale {
  public:
    Tale(const StubProcess& process, const ExecutionEvents& events)
        : process_(process), events_(events) {}

    // Reads to the end of the connection. True if the stub said before that only execve(2) was
    // left.
    Result<bool> listen(const Fd& connection);

  private:
    Status take(const stub::Report& report, const Fd& fd);
    // After such a report nothing more is expected.
    static bool is_failure(const stub::Report& report);

    const StubProcess& process_;
    const ExecutionEvents& events_;
    bool executing_ = false;
    int steps_ = 0;
};

bool Tale::is_failure(const stub::Report& report) {
    using enum stub::ReportType;
    return report.type == call_failed || report.type == hook_failed || report.type == exec_failed;
}

// Each report is taken once and in its order, and so many steps at most, so that nobody can keep us
// listening forever.
Status Tale::take(const stub::Report& report, const Fd& fd) {
    if (report.type == stub::ReportType::step && ++steps_ <= most_told_steps) {
        trace_told(report);
        return {};
    }
    if (report.type == stub::ReportType::executing && !executing_) {
        executing_ = true;
        return {};
    }
    if (report.type == stub::ReportType::hook_done && !executing_ && events_.on_hook_done)
        return events_.on_hook_done(report);
    if (report.type == stub::ReportType::listening && executing_) {
        TRY(check_listener(fd));
        return events_.on_listener(fd);
    }
    return failf("the container's process tells something else than the runtime would");
}

Result<bool> Tale::listen(const Fd& connection) {
    // Also waits for the end of the process, because somebody else may have the other end of the
    // connection.
    while (TRY(wait_for_input(connection.get(), process_.pidfd))) {
        std::array<std::byte, sizeof(stub::Report)> buffer;
        const Result<Received> received = receive_message(connection.get(), buffer);
        // A reset: it ended before it had read what was sent to it.
        if (!received && received.error().code() == ECONNRESET) return executing_;
        if (!received) return Failure(received.error());
        if (received->size == 0) return executing_;
        stub::Report report;
        TRY(parse_report(std::span(buffer).first(received->size), report));
        if (is_failure(report)) return Failure(events_.explain(report));
        TRY(take(report, received->fd));
    }
    return executing_;
}

Error unexplained_failure(const FailedExec& failed) {
    Error error(format("exec: \"{}\"", failed.name), failed.code);
    return std::move(error.set_kind(exec_kind(failed.code)));
}

// What the container's files show. A process of its own looks at them, for at most two seconds: a
// file system that the container itself serves (FUSE) may never answer, and then no signal could
// end us.
Error look_at_files(int root, int proc, const FailedExec& failed) {
    Error unexplained = unexplained_failure(failed);
    Result<SocketPair> sockets = make_seqpacket_pair();
    if (!sockets) return unexplained;
    Result<Cloned> looking = clone_process(0);
    if (!looking) return unexplained;
    if (looking->pid == 0) {
        Sync(std::move(sockets->theirs)).send_failure(explain_exec_failure(root, proc, failed));
        ::_exit(0);
    }
    const Process process(looking->pid, std::move(looking->pidfd));
    sockets->theirs.reset();
    constexpr int patience_ms = 2000;
    pollfd answer{sockets->ours.get(), POLLIN, 0};
    if (::poll(&answer, 1, patience_ms) <= 0) return unexplained;
    return Sync(std::move(sockets->ours)).last_failure().value_or(std::move(unexplained));
}

}  // namespace

Status let_execute(Fd connection, const StubProcess& process, const ExecutionEvents& events) {
    spare_children();
    const Status sent = let_go_on(connection.get());
    Tale tale(process, events);
    Result<bool> executing = false;
    // A process that has ended meanwhile is explained by what it said, or by how it ended.
    if (sent || sent.error().kind() == ErrorKind::hung_up)
        executing = tale.listen(connection);
    else
        executing = Failure(sent.error());
    if (!check_interruption() && was_executed(process, executing && *executing)) {
        // The signal is meant for the program; we may not have read everything that the stub said.
        leave_signal_to_program();
        if (!executing) executing = tale.listen(connection);
    }
    const bool executed = executing && was_executed(process, *executing);
    end_told_steps(!executed);
    if (executed) return {};
    stop_sparing(LetGo::failed);
    if (!executing) {
        TRY(end_process(process));
        return Failure(executing.error());
    }
    return Failure(explain_silent_end(process, *executing && events.is_filtered()));
}

FailedExec describe_user(const ExecutedProcess& executed) {
    FailedExec failed;
    const spec::User& user = executed.process.user;
    failed.name = executed.process.args.empty() ? "" : executed.process.args[0];
    failed.uid = user.uid;
    failed.gid = user.gid;
    failed.groups.assign(user.additional_gids.begin(), user.additional_gids.end());
    if (executed.process.capabilities)
        for (const std::string& name : executed.process.capabilities->effective)
            if (const std::optional<unsigned> number = capability_number(name))
                failed.capabilities |= uint64_t{1} << *number;
    if (!executed.id_maps) return failed;
    const IdMaps& maps = *executed.id_maps;
    failed.uid = host_id(maps.uids, failed.uid).value_or(failed.uid);
    failed.gid = host_id(maps.gids, failed.gid).value_or(failed.gid);
    for (gid_t& group : failed.groups)
        group = host_id(maps.gids, group).value_or(group);
    return failed;
}

Result<Fd> open_root(const ExecutedProcess& executed) {
    Fd root = TRY(open_at(cwd, format("/proc/{}/root", executed.pid), O_PATH | O_DIRECTORY));
    // It still exists, so the number was its own when the root was opened.
    TRY(send_signal(executed.pidfd, 0));
    return root;
}

Error explain_execution(const stub::Report& report, const ExecutedProcess& executed) {
    if (report.type == stub::ReportType::call_failed)
        return describe_failed_call(report, executed.origin);
    FailedExec failed = describe_user(executed);
    failed.code = report.code;
    failed.path = std::string(report.hook.output, report.hook.output_size);
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
    const Result<Fd> root = open_root(executed);
    if (!proc || !root) return unexplained_failure(failed);
    Error error = look_at_files(root->get(), proc->get(), failed);
    error.set_pointer(executed.origin + "/args/0");
    return error;
}

}  // namespace sampan
