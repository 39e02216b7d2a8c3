#include "container/stop.h"

#include <signal.h>

#include <algorithm>

#include "base/text.h"
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
    Stopping stopping(TRY(find_container(store, name)));
    const Container& container = stopping.container_;
    const Record& record = container.record;
    if (container.status == ContainerStatus::stopped) return stopping;
    TRY(allow(Operation::kill, container.status, record.id));
    Result<Fd> init = open_init(record);
    if (!init && init.error().kind() == ErrorKind::not_running) return stopping;
    stopping.init_ = TRY(std::move(init));
    if (std::optional<Error> lost = warn_if_lost(container, SIGTERM))
        warnings.push_back(std::move(*lost));
    TRY(unless_gone(kill_container(container, SIGTERM, Whom::init)));
    if (container.status == ContainerStatus::paused)
        TRY(unless_gone(resume_container(store, container.folder)));
    return stopping;
}

Status Stopping::await_end(const Store& store,
                           std::chrono::steady_clock::time_point deadline) const {
    using std::chrono::milliseconds;
    const auto left =
        std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (TRY(wait_for_end(init_.get(), static_cast<int>(std::max<int64_t>(left, 0))))) return {};
    TRY(unless_gone(kill_same(store, Whom::init)));
    constexpr int patience_ms = 10000;
    if (TRY(wait_for_end(init_.get(), patience_ms))) return {};
    return failf(ErrorKind::timed_out, "its first process does not end within {} s of SIGKILL",
                 patience_ms / 1000);
}

Status Stopping::finish(const Store& store, std::chrono::steady_clock::time_point deadline) {
    if (init_.valid()) TRY(await_end(store, deadline));
    // Without a pid namespace of its own, others may have outlived the first process.
    return unless_gone(kill_same(store, Whom::all));
}

Status Stopping::kill_same(const Store& store, Whom whom) const {
    return kill_container(TRY(find_locked(store, container_.folder)), SIGKILL, whom);
}

}  // namespace sampan
