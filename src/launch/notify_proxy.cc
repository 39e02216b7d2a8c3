#include "launch/notify_proxy.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include "base/text.h"
#include "mounts/notify_mount.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/socket.h"

namespace sampan {

namespace {

constexpr std::string_view ready_line = "READY=1";
constexpr std::array<std::string_view, 9> passed_on{
    ready_line,   "RELOADING=1",          "STOPPING=1", "MONOTONIC_USEC=", "STATUS=",
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
    // Any user in the container may notify; nobody else can reach the socket.
    TRY(change_mode(folder, notify_socket_name, 0777));
    return NotifyProxy(std::move(socket), std::move(connection));
}

namespace {

using std::chrono::milliseconds;

// More than any service has to say: some at once, then ten a second.
constexpr milliseconds interval{100};
constexpr milliseconds at_once = 20 * interval;
constexpr size_t longest_message = 4096;  // as long as systemd takes them

}  // namespace

int NotifyProxy::patience_ms() const {
    if (!message_.empty()) return -1;
    const auto early = std::chrono::ceil<milliseconds>(due_ - Clock::now() - at_once);
    return early.count() > 0 ? static_cast<int>(early.count()) : -1;
}

pollfd NotifyProxy::wish() const {
    if (!message_.empty()) return {manager_.get(), POLLOUT, 0};
    return {patience_ms() < 0 ? socket_.get() : -1, POLLIN, 0};
}

void NotifyProxy::take(pid_t main_pid) {
    std::array<char, longest_message + 1> buffer{};
    // This closes descriptors, so that a program that waits for its BARRIER=1 need not wait.
    const Result<size_t> size =
        receive_bytes(socket_.get(), std::as_writable_bytes(std::span(buffer)));
    if (!size) return;
    due_ = std::max(due_, Clock::now()) + interval;
    if (*size > longest_message) return;
    message_ = filter_notification({buffer.data(), *size});
    is_ready_ = ("\n" + message_).contains(format("\n{}\n", ready_line));
    if (is_ready_ && main_pid > 0) message_ = format("MAINPID={}\n", main_pid) + message_;
}

bool NotifyProxy::pass_on(pid_t main_pid) {
    if (message_.empty()) take(main_pid);
    if (message_.empty()) return false;
    const Status sent = try_to_send(manager_.get(), std::as_bytes(std::span(message_)));
    if (!sent && sent.error().code() == EAGAIN) return false;
    message_.clear();
    return std::exchange(is_ready_, false);
}

// The manager learns by our pid to which service a message belongs, so we must not end before it
// has read the message (sd_notify_barrier(3)): then it closes what it gets here.
Status NotifyProxy::wait_for_manager() const {
    SocketPair channel = TRY(make_seqpacket_pair());
    constexpr std::string_view barrier = "BARRIER=1";
    TRY(send_message(manager_.get(), std::as_bytes(std::span(barrier)), channel.theirs.get()));
    channel.theirs.reset();
    // the same as runc; for a manager that does not know barriers
    constexpr int patience_ms = 30000;
    pollfd hung_up{channel.ours.get(), 0, 0};
    while (::poll(&hung_up, 1, patience_ms) < 0)
        if (!is_to_be_repeated()) return fail_errno("waiting for the service manager");
    return {};
}

Status NotifyProxy::wait_until_ready(pid_t main_pid, int pidfd) {
    while (true) {
        pollfd fds[2] = {wish(), {pidfd, POLLIN, 0}};
        if (::poll(fds, 2, patience_ms()) < 0) {
            if (!is_to_be_repeated()) return fail_errno("waiting for READY=1");
            continue;
        }
        // Before it ends, because it may have said it last.
        if (fds[0].revents != 0 && pass_on(main_pid)) return wait_for_manager();
        if (fds[0].revents == 0 && fds[1].revents != 0) return {};
    }
}

}  // namespace sampan
