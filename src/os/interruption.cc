#include "os/interruption.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/text.h"
#include "os/signals.h"

namespace sampan {

namespace {

// Shared with the signal handler. A slot holds a pidfd plus 1; 0 means free.
std::array<std::atomic<int>, 16> children;
std::atomic<int> caught;
volatile sig_atomic_t unheeded = 0;  // the same, until heed_interruption()
std::atomic<bool> sparing;
int to_come_again = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void kill_child(int pidfd) {
    (void)::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
}

void kill_children() {
    for (const std::atomic<int>& child : children)
        if (child > 0) kill_child(child - 1);
}

void set_timer(suseconds_t period_us) {
    const itimerval timer{.it_interval = {0, period_us}, .it_value = {0, period_us}};
    (void)::setitimer(ITIMER_REAL, &timer, nullptr);  // cannot fail with these
}

void take_signal(int signal) {
    constexpr suseconds_t period_us = 20000;
    const int code = errno;
    caught = signal;
    unheeded = signal;
    set_timer(period_us);
    if (!sparing) kill_children();
    errno = code;
}

// The next signal ends us, as by default.
void catch_signal(int signal) {
    struct sigaction action {};
    action.sa_handler = take_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    (void)::sigaction(signal, &action, nullptr);  // cannot fail
}

// Takes the signal that has come, to raise it again later.
int forget_signal() {
    const int signal = unheeded;
    if (signal == 0) return 0;
    to_come_again = signal;
    unheeded = 0;
    set_timer(0);
    caught = 0;
    return signal;
}

std::string name_of(int signal) {
    return signal_name(signal);
}

}  // namespace

Interruptible::Interruptible() {
    sigset_t open;
    ::sigemptyset(&open);
    for (size_t i = 0; i < signals.size(); ++i) {
        // These calls cannot fail.
        (void)::sigaction(signals[i], nullptr, &actions_[i]);
        if (actions_[i].sa_handler == SIG_IGN) continue;
        catch_signal(signals[i]);
        ::sigaddset(&open, signals[i]);
    }
    // This signal only cuts waits short.
    struct sigaction action {};
    action.sa_handler = [](int) {};
    (void)::sigaction(SIGALRM, &action, nullptr);
    ::sigaddset(&open, SIGALRM);
    sigset_t before;
    // If even this is forbidden, blocked signals stay blocked.
    if (::sigprocmask(SIG_UNBLOCK, &open, &before) == 0) mask_ = before;
}

Status Interruptible::end() {
    if (std::exchange(ended_, true)) return {};
    Status done;
    // The order keeps signals from being lost: one that is blocked now stays pending.
    if ((sparing || caught == 0) && mask_ && ::sigprocmask(SIG_SETMASK, &*mask_, nullptr) < 0)
        done = fail_errno("blocking signals");
    // To ignore a signal again would discard it if it waits, blocked, for our own descriptor.
    for (size_t i = 0; i < signals.size(); ++i)
        if (actions_[i].sa_handler != SIG_IGN) (void)::sigaction(signals[i], &actions_[i], nullptr);
    if (sparing.exchange(false)) forget_signal();
    if (const int signal = std::exchange(to_come_again, 0)) (void)::raise(signal);
    return done;
}

Interruptible::~Interruptible() {
    (void)end();
}

void spare_children() {
    sparing = true;
}

void leave_signal_to_program() {
    const int signal = forget_signal();
    if (signal != 0) catch_signal(signal);
}

void stop_sparing(LetGo program) {
    if (!sparing.exchange(false) || unheeded == 0) return;
    if (program == LetGo::failed) return kill_children();
    leave_signal_to_program();
}

bool is_to_be_repeated() {
    return errno == EINTR && unheeded == 0;
}

const volatile int* interruption_flag() {
    return &unheeded;
}

Status check_interruption() {
    if (caught == 0) return {};
    return failf(ErrorKind::interrupted, "interrupted by {}", name_of(caught));
}

std::optional<int> heed_interruption() {
    if (caught == 0) return std::nullopt;
    unheeded = 0;
    set_timer(0);
    return caught;
}

void end_as_interrupted() {
    const int signal = caught;
    if (signal == 0) return;
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    (void)::sigaction(signal, &action, nullptr);
    sigset_t open;
    ::sigemptyset(&open);
    ::sigaddset(&open, signal);
    (void)::sigprocmask(SIG_UNBLOCK, &open, nullptr);
    (void)::raise(signal);
}

void kill_when_interrupted(int pidfd) {
    if (pidfd < 0) return;
    for (std::atomic<int>& child : children) {
        int free = 0;
        if (child.compare_exchange_strong(free, pidfd + 1)) break;
    }
    // The signal may have come after the child was cloned and before now.
    if (unheeded != 0) kill_child(pidfd);
}

void spare_when_interrupted(int pidfd) {
    for (std::atomic<int>& child : children) {
        int its = pidfd + 1;
        if (pidfd >= 0 && child.compare_exchange_strong(its, 0)) return;
    }
}

}  // namespace sampan
