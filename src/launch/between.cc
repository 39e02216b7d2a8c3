#include "launch/between.h"

#include <unistd.h>

#include "base/text.h"
#include "launch/sync.h"
#include "os/out_of_memory.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

[[noreturn]] void work_and_end(const std::function<Status()>& work, Sync report) noexcept {
    const Status done = or_out_of_memory(work);
    if (!done) report.send_failure(done.error());
    ::_exit(done ? 0 : 1);
}

// All that it can say is why it failed; otherwise its end is what is waited for.
Status hear_failure(Sync& sync, const Process& between) {
    if (!TRY(wait_for_input(sync.socket(), between.pidfd()))) return {};
    if (std::optional<Error> failure = sync.last_failure()) return Failure(std::move(*failure));
    return {};
}

}  // namespace

Status do_in_between(std::string_view what, const std::function<Status()>& work) {
    // A channel of its own: the end of this process is not to be taken for the end of another one.
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned cloned = TRY(clone_process(0));
    if (cloned.pid == 0) {
        sockets.ours.reset();
        work_and_end(work, Sync(std::move(sockets.theirs)));
    }
    Process between(cloned.pid, std::move(cloned.pidfd));
    sockets.theirs.reset();
    Sync sync(std::move(sockets.ours));
    TRY(hear_failure(sync, between));
    const ExitStatus status = TRY(between.wait());
    if (status.code == 0) return {};
    return failf(ErrorKind::ended_early, "the process that {} {}", what, describe(status));
}

}  // namespace sampan
