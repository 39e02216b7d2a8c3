#include "launch/host_mounts.h"

#include <sched.h>
#include <unistd.h>

#include "launch/sync.h"
#include "os/namespaces.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

// `proc` shows the mounts of whoever reads it: after the change, those of there.
Status remove_there(int mount_namespace, int proc, const HostMountsRecord& record) {
    TRY(join_namespace(mount_namespace, CLONE_NEWNS));
    return remove_host_mounts(proc, record);
}

}  // namespace

Status undo_host_mounts(int proc, const HostMountsRecord& record) {
    if (TRY(are_in_our_namespace(proc, record))) return remove_host_mounts(proc, record);
    const Fd theirs = TRY(find_their_namespace(proc, record));
    if (!theirs.valid()) return {};
    // In another process: we could return to our namespace, but not to our root and folder.
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned between = TRY(clone_process(0));
    if (between.pid == 0) {
        sockets.ours.reset();
        Sync report(std::move(sockets.theirs));
        const Status done = remove_there(theirs.get(), proc, record);
        const Status told =
            done ? report.send(MessageType::proceed) : (report.send_failure(done.error()), done);
        ::_exit(told ? 0 : 1);
    }
    Process helper(between.pid, std::move(between.pidfd));
    sockets.theirs.reset();
    TRY(Sync(std::move(sockets.ours)).expect(MessageType::proceed));
    TRY(helper.wait());
    return {};
}

}  // namespace sampan
