#include "launch/relay.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "launch/impatience.h"
#include "launch/pump.h"
#include "launch/terminal.h"
#include "os/signals.h"

namespace sampan {

namespace {

using Clock = std::chrono::steady_clock;
// Nothing reports that the program has read what was written.
constexpr std::chrono::milliseconds next_look{50};

// All zeros, like those of a raw terminal, if they cannot be read. The master reports the settings
// of the program's side.
termios settings_of_program(int terminal) {
    termios settings{};
    if (::tcgetattr(terminal, &settings) < 0) settings = {};
    return settings;
}

// False also if it cannot be found out.
bool has_unread(int peer) {
    pollfd unread{peer, POLLIN, 0};
    return peer >= 0 && ::poll(&unread, 1, 0) != 0;
}

// A stop in the input (^S) would keep the program from writing, and so from reading, forever. A
// stop of this kind can be cancelled whatever the characters are, and that cancels the other one
// too.
void let_output_go_on(int peer) {
    (void)::tcflow(peer, TCOOFF);
    (void)::tcflow(peer, TCOON);
}

bool is_cooked(const termios& settings) {
    return (settings.c_lflag & ICANON) != 0;
}

// The character by which the kernel ends the program's input. Nothing if the program reads every
// character itself, or has removed this one.
std::optional<cc_t> character_for_end(const termios& settings) {
    const cc_t end = settings.c_cc[VEOF];
    return is_cooked(settings) && end != _POSIX_VDISABLE ? std::optional(end) : std::nullopt;
}

// The character that a person would try then; it also shows when the program has read it.
cc_t end_without_meaning(const termios& settings) {
    constexpr cc_t end_of_transmission = 4;
    return is_cooked(settings) ? cc_t{'\n'} : end_of_transmission;
}

class Relay {
  public:
    Relay(Process init,
          Fd terminal,
          const Fd& signals,
          NotifyProxy* notify,
          const std::function<void()>& tell)
        : init_(std::move(init)),
          terminal_(std::move(terminal)),
          caller_(terminal_.valid() ? STDIN_FILENO : -1),
          on_terminal_(::isatty(STDIN_FILENO) == 1),
          signals_(signals),
          notify_(notify),
          tell_(tell),
          input_(STDIN_FILENO, terminal_.get(), Pump::WhenUnread::stop),
          // Otherwise the program would wait forever once its terminal is full.
          output_(terminal_.get(), STDOUT_FILENO, Pump::WhenUnread::discard) {
        if (!terminal_.valid()) {
            input_.stop();
            output_.stop();
        }
    }

    Result<int> run();

  private:
    Status take_signal();
    [[nodiscard]] bool has_handler() const;
    void count_interrupt();
    void count_typed_interrupts();
    [[nodiscard]] bool may_stop() const;
    void take_terminal();
    void take_input();
    void hang_up();
    void repeat_end_of_input(int peer);
    [[nodiscard]] bool is_alone() const;
    void look_after_program();
    bool is_told_to_end();
    void drain_output();
    [[nodiscard]] int patience_ms(bool alone) const;

    Process init_;
    Fd terminal_;  // invalid without one, or once it was hung up
    CallersTerminal caller_;
    bool on_terminal_;  // the caller has a terminal, and we show this one there
    const Fd& signals_;
    NotifyProxy* notify_;
    const std::function<void()>& tell_;
    Impatience person_;
    Pump input_;
    Pump output_;
    bool can_stop_ = true;
    bool told_to_end_ = false;  // the program was, by a signal to us
    bool input_ended_ = false;
    Clock::time_point last_look_;
    uint64_t shown_bytes_ = 0;  // up to that time
    int unheeded_ends_ = 0;     // read, but with no meaning to the terminal
    std::optional<ExitStatus> ended_;
};

bool is_job_control(int signal) {
    return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU || signal == SIGCONT;
}

Status Relay::take_signal() {
    const auto [signal, typed] = TRY(read_signal(signals_.get()));
    if (signal == SIGCHLD) {
        while (const std::optional<Reaped> child = TRY(reap_any(/*block=*/false)))
            if (child->pid == init_.pid()) ended_ = child->status;
    } else if (signal == SIGWINCH && terminal_.valid()) {
        copy_window_size(STDIN_FILENO, terminal_.get());
    } else if (terminal_.valid() && is_job_control(signal)) {
        // It is for the caller's terminal, and so for us: the program has a terminal of its own.
        if (signal == SIGTSTP) {
            caller_.give_back();
            (void)stop_our_group(SIGTSTP);
        }
        if (signal == SIGTSTP || signal == SIGCONT) take_terminal();
    } else if (signal != SIGURG) {
        // It may have ended just now; SIGCHLD will say so.
        (void)send_signal(init_.pidfd(), signal);
        told_to_end_ = true;
        if (signal == SIGINT && typed && !has_handler()) count_interrupt();
    }
    return {};
}

// False while a signal waits that must first be passed on to the program.
bool Relay::may_stop() const {
    pollfd waiting{signals_.get(), POLLIN, 0};
    return can_stop_ && !told_to_end_ && ::poll(&waiting, 1, 0) == 0;
}

// In the background we are stopped until a shell brings us to the foreground; the kernel also stops
// whoever changes a terminal from there. But not after "kill %1", whose sender wants to see the
// end. In a group that no shell cares for, nothing can be stopped: then we do without the
// terminal's input.
void Relay::take_terminal() {
    if (!caller_.is_ours() && may_stop()) can_stop_ = stop_our_group(SIGTTOU);
    if (!caller_.is_ours()) return;
    caller_.make_raw();
    copy_window_size(STDIN_FILENO, terminal_.get());
}

// A program with a handler for SIGINT may need it any number of times. It counts as one if that
// cannot be found out.
bool Relay::has_handler() const {
    const std::optional<SignalSets> sets = read_signal_sets(init_.pid());
    return !sets || sets->catches(SIGINT);
}

void Relay::count_interrupt() {
    const Impatience::Wish wish = person_.press(Clock::now());
    if (wish == Impatience::Wish::warning) tell_();
    // It may have ended just now; SIGCHLD will say so.
    if (wish == Impatience::Wish::end) (void)send_signal(init_.pidfd(), SIGKILL);
}

// A Ctrl-C that the container's terminal makes a SIGINT for the program itself, which has no
// handler. A program that reads its keys itself, has a handler, or has given the terminal to
// another one, such as a shell, may need it any number of times.
void Relay::count_typed_interrupts() {
    const std::string_view typed = input_.taken();
    const termios settings = settings_of_program(terminal_.get());
    const auto key = static_cast<char>(settings.c_cc[VINTR]);
    if (!on_terminal_ || !is_cooked(settings) || (settings.c_lflag & ISIG) == 0) return;
    if (typed.find(key) == std::string_view::npos || key == _POSIX_VDISABLE) return;
    if (::tcgetpgrp(terminal_.get()) != init_.pid() || has_handler()) return;
    for (ptrdiff_t left = std::ranges::count(typed, key); left > 0; --left)
        count_interrupt();
}

void Relay::take_input() {
    const bool passes_on = input_.is_full();
    if (input_.move()) {
        if (!passes_on) count_typed_interrupts();
        return;
    }
    input_ended_ = true;
    last_look_ = Clock::now();
}

void Relay::hang_up() {
    drain_output();
    output_.stop();
    terminal_.reset();
}

// When a file or pipe that is our input has ended, the program gets what a person would type, each
// time that it reads: a terminal has no final end, and forgets an end when its settings change. A
// program that takes no notice, because it reads every character itself, loses its terminal.
void Relay::repeat_end_of_input(int peer) {
    if (has_unread(peer)) return;
    const termios settings = settings_of_program(terminal_.get());
    constexpr int enough = 20;
    const std::optional<cc_t> end = character_for_end(settings);
    if (!end && ++unheeded_ends_ > enough) return hang_up();
    const cc_t typed = end.value_or(end_without_meaning(settings));
    (void)!::write(terminal_.get(), &typed, 1);
}

// Nobody types, so from time to time we do what a person would do.
bool Relay::is_alone() const {
    return terminal_.valid() && (input_ended_ || (!on_terminal_ && input_.is_full()));
}

void Relay::look_after_program() {
    if (Clock::now() - last_look_ < next_look) return;
    last_look_ = Clock::now();
    // Invalid if the program has the terminal for itself (TIOCEXCL), and we are not root.
    const Fd peer(::ioctl(terminal_.get(), TIOCGPTPEER, O_RDONLY | O_NOCTTY | O_CLOEXEC));
    // Not while output goes on: a program that writes without blocking would be refused for a
    // moment.
    if (std::exchange(shown_bytes_, output_.taken_bytes()) == output_.taken_bytes())
        let_output_go_on(peer.get());
    if (input_ended_) repeat_end_of_input(peer.get());
}

// SIGTERM and the like end our own waiting, once there is nobody to whom they could be passed on.
bool Relay::is_told_to_end() {
    const Result<ReceivedSignal> signal = read_signal(signals_.get());
    return !signal || signal->number == SIGINT || signal->number == SIGTERM ||
           signal->number == SIGHUP;
}

// The last output of the program is still on its way: at most what a terminal holds, and it arrives
// almost at once. We do not wait for other processes that go on writing. But we wait for the reader
// of our output, unless the program still runs: then signals are for the program too.
void Relay::drain_output() {
    constexpr uint64_t most_bytes = 128 << 10;
    constexpr int moment_ms = 50;
    int moments = 4;
    const uint64_t before = output_.taken_bytes();
    const auto wants_more = [&] {
        return output_.open() && moments > 0 && output_.taken_bytes() - before < most_bytes;
    };
    while (output_.is_full() || wants_more()) {
        pollfd fds[2] = {{ended_ ? signals_.get() : -1, POLLIN, 0}, output_.wish()};
        int ready = ::poll(fds, 2, output_.is_full() && ended_ ? -1 : 0);
        if (ready == 0) {
            --moments;
            ready = ::poll(fds, 2, moment_ms);
        }
        if (ready <= 0 || (fds[0].revents != 0 && is_told_to_end())) return;
        if (fds[1].revents != 0) output_.move();
    }
}

int Relay::patience_ms(bool alone) const {
    const int notify_ms = notify_ != nullptr ? notify_->patience_ms() : -1;
    const int look_ms = static_cast<int>(next_look.count());
    if (!alone) return notify_ms;
    return notify_ms < 0 ? look_ms : std::min(look_ms, notify_ms);
}

Result<int> Relay::run() {
    if (terminal_.valid()) {
        take_terminal();
        (void)::fcntl(terminal_.get(), F_SETFL, O_NONBLOCK);
    }
    while (!ended_) {
        if (terminal_.valid() && on_terminal_ && !caller_.is_raw()) take_terminal();
        // In the background nothing is read.
        const bool readable = input_.open() && caller_.is_ours();
        pollfd fds[4] = {{signals_.get(), POLLIN, 0},
                         readable ? input_.wish() : pollfd{-1, 0, 0},
                         output_.wish(),
                         notify_ != nullptr ? notify_->wish() : pollfd{-1, 0, 0}};
        const bool alone = is_alone();
        if (::poll(fds, 4, patience_ms(alone)) < 0 && errno != EINTR) return fail_errno("poll");
        if (alone) look_after_program();
        if (fds[3].revents != 0) notify_->pass_on(0);
        if (fds[2].revents != 0) output_.move();
        if (fds[1].revents != 0) take_input();
        if (fds[0].revents != 0) TRY(take_signal());
    }
    drain_output();
    init_.release();  // reaped
    return ended_->code;
}

}  // namespace

Result<int> relay(Process init,
                  Fd terminal,
                  const Fd& signals,
                  NotifyProxy* notify,
                  const std::function<void()>& tell) {
    return Relay(std::move(init), std::move(terminal), signals, notify, tell).run();
}

}  // namespace sampan
