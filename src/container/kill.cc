#include "container/kill.h"

#include <signal.h>

#include "base/text.h"
#include "cgroup/operations.h"
#include "container/container.h"
#include "os/process.h"

namespace sampan {

namespace {

Status signal_init(const Record& record, int signal) {
    const Fd pidfd = TRY(open_init(record));
    Status sent = send_signal(pidfd.get(), signal);
    if (!sent && sent.error().code() == ESRCH) return failf("container not running");
    return sent;
}

}  // namespace

Status kill_container(const Store& store, const std::string& name, int signal, Whom whom) {
    const Container container = TRY(find_container(store, name));
    const Record& record = container.record;
    TRY(allow(Operation::kill, container.status, record.id));
    const bool everybody = whom == Whom::all || (signal == SIGKILL && !record.own_pid_namespace);
    if (everybody && signal != 0 && !record.cgroup.places.empty())
        TRY(kill_all(record.cgroup, signal));
    if (everybody && signal != SIGKILL && !record.cgroup.places.empty()) return {};
    Status sent = signal_init(record, signal);
    // kill_all() may have ended it already.
    if (everybody && !sent) return {};
    // A frozen process takes even SIGKILL only when it is thawed, on v1.
    if (sent && signal == SIGKILL && container.status == ContainerStatus::paused)
        return kill_all(record.cgroup, SIGKILL);
    return sent;
}

}  // namespace sampan
