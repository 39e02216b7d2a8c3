// The proxy for sd_notify(3): it receives what a container's program says about its readiness, and
// passes it on to the service manager of our caller.
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
    // `folder`: where the socket is made; an old one is replaced. `manager`: our own NOTIFY_SOCKET,
    // a path, or an abstract name with a leading @.
    static Result<NotifyProxy> open(int folder, const std::string& manager);

    // For poll(2): what pass_on() waits for, and for how many milliseconds at most (-1: no limit).
    // A sender of more messages than a service has to send must wait itself, and so must one whose
    // manager does not read.
    [[nodiscard]] pollfd wish() const;
    [[nodiscard]] int patience_ms() const;
    // Takes a message, or goes on with the last one; never blocks. Returns true once a message with
    // READY=1 was passed on, to which the pid of the container's process is added unless `main_pid`
    // is 0. What cannot be passed on is lost, because the program is not to blame.
    bool pass_on(pid_t main_pid);
    // Passes messages on until READY=1 has come, or the process has ended. By then the manager has
    // read them.
    Status wait_until_ready(pid_t main_pid, int pidfd);

  private:
    using Clock = std::chrono::steady_clock;

    NotifyProxy(Fd socket, Fd manager) : socket_(std::move(socket)), manager_(std::move(manager)) {}
    void take(pid_t main_pid);
    [[nodiscard]] Status wait_for_manager() const;

    Fd socket_;
    Fd manager_;
    std::string message_;  // being passed on; "": none
    bool is_ready_ = false;
    Clock::time_point due_;  // each message moves it forward; it may only be so far in the future
};

// The lines of a message that a manager may get from a container. Left out are those that it would
// believe only from us: pids of another pid namespace, descriptors to store, who may notify. Pure.
std::string filter_notification(std::string_view message);

}  // namespace sampan
