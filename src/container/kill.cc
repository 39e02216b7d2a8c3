#include "container/kill.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "cgroup/kill.h"
#include "os/process.h"
#include "os/signals.h"

namespace sampan {

namespace {

// A process in an uninterruptible call does not even end by SIGKILL at once.
constexpr int end_patience_ms = 2000;

// Init has ended but other processes of the container live, which is only possible without a pid
// namespace of its own.
Result<bool> has_survivors(const Container& container) {
    const Record& record = container.record;
    if (container.status != ContainerStatus::stopped || record.own_pid_namespace) return false;
    return !TRY(processes(record.cgroup)).empty();
}

// Signals all processes of the cgroup. True if init was among them: it may have moved elsewhere.
Result<bool> signal_all(const Record& record, int signal) {
    const std::vector<pid_t> pids = TRY(processes(record.cgroup));
    TRY(kill_all(record.cgroup, signal));
    return std::ranges::binary_search(pids, record.pid);
}

Status signal_init(const Fd& init, int signal) {
    Status sent = send_signal(init.get(), signal);
    if (!sent && sent.error().code() == ESRCH) return not_running();
    return sent;
}

}  // namespace

// While it waits for the start, the process reads signals, and ends by them.
std::optional<Error> warn_if_lost(const Container& container, int signal) {
    const Record& record = container.record;
    if (signal == SIGKILL || signal == 0 || !record.own_pid_namespace) return std::nullopt;
    if (container.status != ContainerStatus::running && container.status != ContainerStatus::paused)
        return std::nullopt;
    const std::optional<SignalSets> sets = read_signal_sets(record.pid);
    if (!sets || !is_lost_on_first_process(signal, *sets)) return std::nullopt;
    // Only now is it certain whose they are.
    if (!open_init(record)) return std::nullopt;
    const std::string name = signal_name(signal);
    return Error(
        (sets->ignored >> (signal - 1) & 1) != 0
            ? format("{} does nothing: the container's first process ignores it", name)
            : format("{} does nothing: the container's first process has no handler for it, "
                     "and such signals never reach the first process of a pid namespace",
                     name));
}

Status kill_container(const Container& container, int signal, Whom whom) {
    const Record& record = container.record;
    const bool everybody =
        (whom == Whom::all || (signal == SIGKILL && !record.own_pid_namespace)) &&
        !record.cgroup.places.empty();
    if (everybody && TRY(has_survivors(container)))
        return signal == 0 ? Status() : kill_all(record.cgroup, signal);
    // As runc has it. Whoever kills all processes has what it wants if there are none.
    if (whom == Whom::all && container.status == ContainerStatus::stopped) return {};
    TRY(allow(Operation::kill, container.status, record.id));
    const Fd init = TRY(open_init(record));
    const bool reached = everybody && signal != 0 && TRY(signal_all(record, signal));
    if (!reached) TRY(signal_init(init, signal));
    if (signal != SIGKILL) return {};
    // On v1 a frozen process must be thawed, even for SIGKILL.
    if (container.status == ContainerStatus::paused && !reached)
        TRY(kill_all(record.cgroup, SIGKILL));
    // Waits, so that a delete that comes next does not find the container running.
    TRY(wait_for_end(init.get(), end_patience_ms));
    return {};
}

}  // namespace sampan
