#include "os/signals.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

std::string_view abbreviation(int signal) {
    const char* known = sigabbrev_np(signal);
    return known == nullptr ? "" : known;
}

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
    if (name.empty()) return std::nullopt;
    if (name == "IOT") return SIGABRT;
    if (name == "CLD") return SIGCHLD;
    if (name == "POLL") return SIGIO;
    for (int signal = 1; signal < SIGRTMIN; ++signal)
        if (name == abbreviation(signal)) return signal;
    return real_time_signal(name);
}

std::string signal_name(int signal) {
    const std::string_view name = abbreviation(signal);
    return !name.empty() ? format("SIG{}", name) : format("signal {}", signal);
}

SignalSets parse_signal_sets(std::string_view status) {
    SignalSets sets;
    for (const std::string_view line : split(status, '\n')) {
        const auto read = [line](std::string_view title, uint64_t& set) {
            if (line.starts_with(title))
                set = parse_number<uint64_t>(trim(line.substr(title.size())), 16).value_or(0);
        };
        read("SigBlk:", sets.blocked);
        read("SigIgn:", sets.ignored);
        read("SigCgt:", sets.caught);
    }
    return sets;
}

std::optional<SignalSets> read_signal_sets(pid_t pid) {
    const Result<std::string> status = read_file(cwd, format("/proc/{}/status", pid));
    return status ? std::optional(parse_signal_sets(*status)) : std::nullopt;
}

bool is_lost_on_first_process(int signal, const SignalSets& sets) {
    constexpr std::array harmless{SIGCHLD, SIGCONT, SIGURG, SIGWINCH};
    // From outside of the namespace these two have their effect.
    if (signal <= 0 || signal == SIGKILL || signal == SIGSTOP) return false;
    if (std::ranges::find(harmless, signal) != harmless.end()) return false;
    const uint64_t bit = uint64_t{1} << (signal - 1);
    return (sets.ignored & bit) != 0 || ((sets.caught | sets.blocked) & bit) == 0;
}

std::vector<std::string_view> signal_names() {
    std::vector<std::string_view> names;
    for (int signal = 1; signal < SIGRTMIN; ++signal)
        if (const std::string_view name = abbreviation(signal); !name.empty())
            names.push_back(name);
    return names;
}

Result<Fd> signals_as_fd() {
    sigset_t all;
    ::sigfillset(&all);
    if (::sigprocmask(SIG_SETMASK, &all, nullptr) < 0) return fail_errno("blocking signals");
    Fd fd(::signalfd(-1, &all, SFD_CLOEXEC));
    if (!fd.valid()) return fail_errno("signalfd");
    return fd;
}

Result<ReceivedSignal> read_signal(int fd) {
    signalfd_siginfo info{};
    while (::read(fd, &info, sizeof info) < 0)
        if (errno != EINTR) return fail_errno("reading a signal");
    return ReceivedSignal{static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL};
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
