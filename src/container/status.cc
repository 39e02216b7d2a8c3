#include "container/status.h"

#include "base/text.h"
#include "cgroup/freeze.h"
#include "container/store.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "spec/fields.h"

namespace sampan {

ContainerStatus derive(const Record& record, const ProcessFacts& facts) {
    if (!record.ready) return ContainerStatus::creating;
    if (!facts.alive) return ContainerStatus::stopped;
    if (facts.frozen) return ContainerStatus::paused;
    return facts.waiting ? ContainerStatus::created : ContainerStatus::running;
}

namespace {

std::string_view verb_of(Operation operation) {
    switch (operation) {
        case Operation::start:
            return "start";
        case Operation::kill:
            return "kill";
        case Operation::pause:
            return "pause";
        case Operation::resume:
            return "resume";
        case Operation::update:
            return "update";
        case Operation::mount:
            return "change the mounts of";
        case Operation::ps:
            return "list the processes of";
        case Operation::inspect:
            return "inspect";
        case Operation::exec:
            return "exec in";
        case Operation::checkpoint:
            return "checkpoint";
        case Operation::remove:
        case Operation::remove_stopped:
            break;
    }
    return "delete";
}

}  // namespace

Failure not_running() {
    return fail(ErrorKind::not_running, "container not running");
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): a table, with a word for each cell
Status allow(Operation operation, ContainerStatus status, std::string_view id) {
    using enum ContainerStatus;
    switch (operation) {
        case Operation::start:
            if (status == created) return {};
            if (status == running)
                return fail(ErrorKind::wrong_status, "cannot start an already running container");
            if (status == stopped)
                return fail(ErrorKind::wrong_status, "cannot start a container that has stopped");
            break;
        case Operation::kill:
            if (status == stopped) return not_running();
            if (status != creating) return {};
            break;
        case Operation::pause:
        case Operation::update:
        case Operation::mount:
            if (status == stopped) return not_running();
            if (status == created || status == running) return {};
            if (status == paused && operation != Operation::pause) return {};
            break;
        case Operation::ps:
            if (status != creating) return {};
            break;
        case Operation::inspect:
            if (status == stopped) return not_running();
            if (status != creating) return {};
            break;
        case Operation::exec:
            if (status == created || status == running) return {};
            if (status == stopped)
                return fail(ErrorKind::not_running, "cannot exec in a stopped container");
            if (status == paused)
                return fail(ErrorKind::wrong_status,
                            "cannot exec in a paused container (--ignore-paused does it)");
            break;
        case Operation::checkpoint:
            if (status == running || status == paused) return {};
            return failf(status == stopped ? ErrorKind::not_running : ErrorKind::wrong_status,
                         "container cannot be checkpointed in {} state", spec::name_of(status));
        case Operation::resume:
            if (status == paused) return {};
            return failf(ErrorKind::wrong_status, "container not paused: it is {}",
                         spec::name_of(status));
        case Operation::remove:
        case Operation::remove_stopped:
            if (status == stopped) return {};
            if (status == created && operation == Operation::remove) return {};
            return failf(ErrorKind::wrong_status,
                         "cannot delete container {} that is not stopped: {}", id,
                         spec::name_of(status))
                .hint(format("sampan delete -f {} ends it first", id));
    }
    return failf(ErrorKind::wrong_status, "cannot {} a container that is {}", verb_of(operation),
                 spec::name_of(status));
}

Result<bool> is_in_our_pid_namespace(const Record& record) {
    const uint64_t ours = TRY(our_pid_namespace());
    return record.pid_namespace == 0 || record.pid_namespace == ours;
}

Result<ProcessFacts> look_at(const Record& record, int folder) {
    ProcessFacts facts;
    if (record.pid <= 0) return facts;
    if (!TRY(is_in_our_pid_namespace(record)))
        return failf(
            "the container was created in another pid namespace: whether its process {} is there "
            "cannot be seen from here",
            record.pid);
    const std::optional<ProcessStat> stat = TRY(read_process_stat(record.pid));
    facts.alive =
        stat && stat->started_at(record.start_time) && stat->state != 'Z' && stat->state != 'X';
    if (!facts.alive) return facts;
    // The gate's file is removed once the program has been executed. A `start` that was killed
    // before leaves it behind, so what init executes decides.
    if (TRY(stat_at(folder, gate_name)))
        facts.waiting = TRY(executed_file(record.pid)) ==
                        FileIdentity{record.waiting_device, record.waiting_inode};
    facts.frozen = TRY(is_frozen(record.cgroup));
    return facts;
}

}  // namespace sampan
