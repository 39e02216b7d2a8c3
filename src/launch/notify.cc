#include "launch/notify.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include "base/text.h"
#include "linux/notify.h"
#include "os/file.h"
#include "os/socket.h"

namespace sampan {

namespace {

constexpr std::string_view ready = "READY=1";
constexpr std::array<std::string_view, 9> passed_on{
    ready,        "RELOADING=1",          "STOPPING=1", "MONOTONIC_USEC=", "STATUS=",
    "WATCHDOG=1", "EXTEND_TIMEOUT_USEC=", "ERRNO=",     "EXIT_STATUS="};

bool is_passed_on(std::string_view line) {
    return std::ranges::any_of(passed_on, [line](std::string_view known) {
        return known.ends_with('=') ? line.starts_with(known) : line == known;
    });
}

}  // namespace

std::string filter_notification(std::string_view message) {
    std::string passed;
    for (const std::string_view line : split(message, '\n'))
        if (is_passed_on(line)) passed += format("{}\n", line);
    return passed;
}

Result<NotifyProxy> NotifyProxy::open(int folder, const std::string& manager) {
    Fd connection =
        TRY(connect_datagram(manager).in("reaching the service manager (NOTIFY_SOCKET)"));
    TRY(remove_file(folder, notify_socket_name));
    Fd socket = TRY(bind_in(folder, notify_socket_name, SOCK_DGRAM, 0600));
    // Whoever is in the container may notify, whatever user it is; nobody else comes this way.
    TRY(change_mode(folder, notify_socket_name, 0777));
    return NotifyProxy(std::move(socket), std::move(connection));
}

bool NotifyProxy::pass_on(pid_t main_pid) const {
    std::array<char, 8192> buffer{};
    // Descriptors are closed by that: so a program that waits for its BARRIER=1 does not wait.
    const Result<size_t> size =
        receive_bytes(socket_.get(), std::as_writable_bytes(std::span(buffer)));
    if (!size) return false;
    std::string message = filter_notification({buffer.data(), *size});
    const bool is_ready = ("\n" + message).contains(format("\n{}\n", ready));
    if (is_ready && main_pid > 0) message = format("MAINPID={}\n", main_pid) + message;
    if (!message.empty()) (void)send_message(manager_.get(), std::as_bytes(std::span(message)));
    return is_ready;
}

// The manager finds out by our pid to which service a message belongs, so we must not end before it
// was read (sd_notify_barrier(3)): it closes what it gets here then.
Status NotifyProxy::wait_for_manager() const {
    SocketPair channel = TRY(make_seqpacket_pair());
    constexpr std::string_view barrier = "BARRIER=1";
    TRY(send_message(manager_.get(), std::as_bytes(std::span(barrier)), channel.theirs.get()));
    channel.theirs.reset();
    constexpr int patience_ms = 30000;  // as runc; for a manager that does not know of barriers
    pollfd hung_up{channel.ours.get(), 0, 0};
    while (::poll(&hung_up, 1, patience_ms) < 0)
        if (errno != EINTR) return fail_errno("waiting for the service manager");
    return {};
}

Status NotifyProxy::wait_until_ready(pid_t main_pid, int pidfd) const {
    while (true) {
        pollfd fds[2] = {{socket_.get(), POLLIN, 0}, {pidfd, POLLIN, 0}};
        if (::poll(fds, 2, -1) < 0) {
            if (errno != EINTR) return fail_errno("waiting for READY=1");
            continue;
        }
        // Before its end: it may have said it last.
        if (fds[0].revents == 0) return {};
        if (pass_on(main_pid)) return wait_for_manager();
    }
}

}  // namespace sampan
