#include "container/stop.h"

#include <signal.h>

#include <algorithm>

#include "base/text.h"
#include "container/container.h"
#include "container/kill.h"
#include "container/pause.h"
#include "os/process.h"

namespace sampan {

namespace {

// It may have ended, or have been deleted, meanwhile.
Status unless_gone(Status done) {
    if (!done && done.error().kind() != ErrorKind::not_running &&
        done.error().kind() != ErrorKind::not_found)
        return done;
    return {};
}

}  // namespace

Result<Stopping> Stopping::begin(const Store& store, const std::string& name, Warnings& warnings) {
    const Container container = TRY(find_container(store, name));
    const Record& record = container.record;
    Stopping stopping(record.id);
    if (container.status == ContainerStatus::stopped) return stopping;
    TRY(allow(Operation::kill, container.status, record.id));
    Result<Fd> init = open_init(record);
    if (!init && init.error().kind() == ErrorKind::not_running) return stopping;
    stopping.init_ = TRY(std::move(init));
    TRY(unless_gone(kill_container(store, record.id, SIGTERM, Whom::init, warnings)));
    if (container.status == ContainerStatus::paused)
        TRY(unless_gone(resume_container(store, record.id)));
    return stopping;
}

Status Stopping::await_end(const Store& store,
                           std::chrono::steady_clock::time_point deadline) const {
    using std::chrono::milliseconds;
    const auto left =
        std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (TRY(wait_for_end(init_.get(), static_cast<int>(std::max<int64_t>(left, 0))))) return {};
    Warnings warnings;
    TRY(unless_gone(kill_container(store, id_, SIGKILL, Whom::init, warnings)));
    constexpr int patience_ms = 10000;
    if (TRY(wait_for_end(init_.get(), patience_ms))) return {};
    return failf(ErrorKind::timed_out, "its first process does not end within {} s of SIGKILL",
                 patience_ms / 1000);
}

Status Stopping::finish(const Store& store, std::chrono::steady_clock::time_point deadline) {
    if (init_.valid()) TRY(await_end(store, deadline));
    // Without a pid namespace of its own, others may have outlived the first process.
    Warnings warnings;
    return unless_gone(kill_container(store, id_, SIGKILL, Whom::all, warnings));
}

}  // namespace sampan
