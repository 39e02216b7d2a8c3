// The proxy for sd_notify(3): takes what a container's program says of its readiness, and passes it
// on to the service manager of our caller.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

class NotifyProxy {
  public:
    // `folder`: where the socket is made, one left behind is replaced. `manager`: our own
    // NOTIFY_SOCKET, a path or, with a leading @, an abstract name.
    static Result<NotifyProxy> open(int folder, const std::string& manager);

    // Readable when there is something to be passed on.
    [[nodiscard]] int socket() const { return socket_.get(); }
    // Takes one message; true when it said READY=1, to which the pid of the container's process is
    // added then, unless `main_pid` is 0. What cannot be passed on is lost: the program is not to
    // blame.
    bool pass_on(pid_t main_pid) const;
    // Passes on until READY=1, or until the process has ended. Then the manager has seen it.
    Status wait_until_ready(pid_t main_pid, int pidfd) const;

  private:
    NotifyProxy(Fd socket, Fd manager) : socket_(std::move(socket)), manager_(std::move(manager)) {}
    Status wait_for_manager() const;
    Fd socket_;
    Fd manager_;
};

// The lines of a message that a manager may hear from a container. Left out are those which it
// would believe of us alone: pids of another pid namespace, descriptors to be stored, who may
// notify. Pure.
std::string filter_notification(std::string_view message);

}  // namespace sampan
