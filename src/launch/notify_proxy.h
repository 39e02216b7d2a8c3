// The proxy for sd_notify(3): takes what a container's program says of its readiness, and passes it
// on to the service manager of our caller.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <chrono>
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

    // For poll(2): what pass_on() waits for, and for how many milliseconds at most (-1: any). Who
    // sends more than a service would has to wait itself, and so has who sends to a manager that
    // does not read.
    [[nodiscard]] pollfd wish() const;
    [[nodiscard]] int patience_ms() const;
    // Takes one message, or goes on with the last one; never blocks. True once one was passed on
    // that said READY=1, to which the pid of the container's process is added, unless `main_pid` is
    // 0. What cannot be passed on is lost: the program is not to blame.
    bool pass_on(pid_t main_pid);
    // Passes on until READY=1, or until the process has ended. Then the manager has seen it.
    Status wait_until_ready(pid_t main_pid, int pidfd);

  private:
    using Clock = std::chrono::steady_clock;

    NotifyProxy(Fd socket, Fd manager) : socket_(std::move(socket)), manager_(std::move(manager)) {}
    void take(pid_t main_pid);
    [[nodiscard]] Status wait_for_manager() const;

    Fd socket_;
    Fd manager_;
    std::string message_;  // on its way; "": none
    bool is_ready_ = false;
    Clock::time_point due_;  // each message moves it on; it may be ahead of now by so much only
};

// The lines of a message that a manager may hear from a container. Left out are those which it
// would believe of us alone: pids of another pid namespace, descriptors to be stored, who may
// notify. Pure.
std::string filter_notification(std::string_view message);

}  // namespace sampan
