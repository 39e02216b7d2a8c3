#include "os/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"

namespace sampan {

namespace {

std::optional<int> real_time_signal(std::string_view name) {
    const bool from_min = name.starts_with("RTMIN");
    if (!from_min && !name.starts_with("RTMAX")) return std::nullopt;
    const int base = from_min ? SIGRTMIN : SIGRTMAX;
    name.remove_prefix(5);
    if (name.empty()) return base;
    if (name[0] != (from_min ? '+' : '-')) return std::nullopt;
    const std::optional<int> offset = parse_number<int>(name.substr(1));
    if (!offset || *offset < 0 || *offset > SIGRTMAX - SIGRTMIN) return std::nullopt;
    return from_min ? base + *offset : base - *offset;
}

}  // namespace

std::optional<int> parse_signal(std::string_view text) {
    if (const std::optional<int> number = parse_number<int>(text))
        return *number >= 0 && *number < _NSIG ? number : std::nullopt;
    std::string name(text);
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (name.starts_with("SIG")) name.erase(0, 3);
    if (name == "IOT") return SIGABRT;
    if (name == "CLD") return SIGCHLD;
    if (name == "POLL") return SIGIO;
    for (int signal = 1; signal < SIGRTMIN; ++signal) {
        const char* known = sigabbrev_np(signal);
        if (known != nullptr && name == known) return signal;
    }
    return real_time_signal(name);
}

Result<Fd> signals_as_fd() {
    sigset_t all;
    ::sigfillset(&all);
    if (::sigprocmask(SIG_SETMASK, &all, nullptr) < 0) return fail_errno("blocking signals");
    Fd fd(::signalfd(-1, &all, SFD_CLOEXEC));
    if (!fd.valid()) return fail_errno("signalfd");
    return fd;
}

Result<int> read_signal(int fd) {
    signalfd_siginfo info{};
    while (::read(fd, &info, sizeof info) < 0)
        if (errno != EINTR) return fail_errno("reading a signal");
    return static_cast<int>(info.ssi_signo);
}

void let_writes_fail() {
    struct sigaction action {};
    // A handler, because execve(2) resets handlers to the default. A signal that is ignored would
    // stay ignored in the programs that we execute.
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    for (const int signal : {SIGPIPE, SIGXFSZ})
        (void)::sigaction(signal, &action, nullptr);
}

bool stop_our_group(int signal) {
    struct sigaction stopping {};
    struct sigaction before {};
    (void)::sigaction(signal, &stopping, &before);
    sigset_t one;
    ::sigemptyset(&one);
    ::sigaddset(&one, signal);
    (void)::kill(0, signal);
    (void)::sigprocmask(SIG_UNBLOCK, &one, nullptr);
    // If the group can be stopped, it stops here.
    (void)::sigprocmask(SIG_BLOCK, &one, nullptr);
    (void)::sigaction(signal, &before, nullptr);
    // SIGCONT that came earlier was discarded by the stop signal.
    sigset_t pending;
    ::sigemptyset(&pending);
    (void)::sigpending(&pending);
    return ::sigismember(&pending, SIGCONT) == 1;
}

Status reset_signals() {
    struct sigaction action {};
    for (int signal = 1; signal < _NSIG; ++signal) {
        action = {};
        if (::sigaction(signal, nullptr, &action) < 0) {
            if (errno == EINVAL) continue;  // the C library's own, which nobody else can change
            return fail_errno("looking at signal {}", signal);
        }
        if (action.sa_handler == SIG_DFL) continue;
        action = {};
        if (::sigaction(signal, &action, nullptr) < 0)
            return fail_errno("resetting signal {}", signal);
    }
    sigset_t none;
    ::sigemptyset(&none);
    if (::sigprocmask(SIG_SETMASK, &none, nullptr) < 0) return fail_errno("unblocking signals");
    let_writes_fail();
    return {};
}

void keep_ended_children() {
    struct sigaction action {};
    (void)::sigaction(SIGCHLD, &action, nullptr);  // fails for a wrong number only
}

}  // namespace sampan
