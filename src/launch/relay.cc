#include "launch/relay.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/text.h"
#include "launch/terminal.h"
#include "os/signals.h"

namespace sampan {

namespace {

// Bytes on their way in one direction. Never blocks: a program that does not read its input must
// not keep us from showing its output.
class Pump {
  public:
    enum class WhenUnread { stop, discard };
    Pump(int from, int to, WhenUnread unread) : from_(from), to_(to), unread_(unread) {}

    [[nodiscard]] pollfd wish() const {
        if (size_ > 0) return {to_, POLLOUT, 0};
        return {open_ ? from_ : -1, POLLIN, 0};
    }
    // Moves what can be moved; false at the end of the source.
    bool move() {
        if (size_ > 0) return push();
        const ssize_t got = ::read(from_, buffer_.data(), buffer_.size());
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
        // EIO is how a terminal says that nobody has its other side open.
        open_ = got > 0;
        if (!open_) return false;
        if (gone_) return true;
        size_ = static_cast<size_t>(got);
        start_ = 0;
        return push();
    }
    [[nodiscard]] bool open() const { return open_; }
    void stop() { open_ = false; }

  private:
    bool push() {
        const ssize_t put = ::write(to_, buffer_.data() + start_, size_);
        if (put < 0 && (errno == EAGAIN || errno == EINTR)) return true;
        if (put < 0) {
            size_ = 0;
            gone_ = true;
            return open_ = unread_ == WhenUnread::discard;
        }
        start_ += static_cast<size_t>(put);
        size_ -= static_cast<size_t>(put);
        return true;
    }
    int from_;
    int to_;
    WhenUnread unread_;
    bool open_ = true;
    bool gone_ = false;  // nobody reads at the other end any more
    std::array<char, 8192> buffer_{};
    size_t start_ = 0;
    size_t size_ = 0;
};

class Relay {
  public:
    Relay(Process init, Fd terminal, const Fd& signals, const NotifyProxy* notify)
        : init_(std::move(init)),
          terminal_(std::move(terminal)),
          signals_(signals),
          notify_(notify),
          input_(STDIN_FILENO, terminal_.get(), Pump::WhenUnread::stop),
          // Otherwise the program would wait for ever once its terminal is full.
          output_(terminal_.get(), STDOUT_FILENO, Pump::WhenUnread::discard) {
        if (!terminal_.valid()) {
            input_.stop();
            output_.stop();
        }
    }

    Result<int> run();

  private:
    Status take_signal();
    void take_input();
    void drain_output();

    Process init_;
    Fd terminal_;
    const Fd& signals_;
    const NotifyProxy* notify_;
    Pump input_;
    Pump output_;
    std::optional<ExitStatus> ended_;
};

Status Relay::take_signal() {
    const int signal = TRY(read_signal(signals_.get()));
    if (signal == SIGCHLD) {
        while (const std::optional<Reaped> child = TRY(reap_any(/*block=*/false)))
            if (child->pid == init_.pid()) ended_ = child->status;
    } else if (signal == SIGWINCH && terminal_.valid()) {
        copy_window_size(STDIN_FILENO, terminal_.get());
    } else if (signal != SIGURG) {
        // It may have ended this moment; SIGCHLD will tell.
        (void)send_signal(init_.pidfd(), signal);
    }
    return {};
}

void Relay::take_input() {
    if (input_.move()) return;
    // The end of a file or pipe that was our input: what a person would type.
    constexpr char end_of_transmission = 4;
    (void)!::write(terminal_.get(), &end_of_transmission, 1);
}

// What the program wrote last, before it ended, is still on its way.
void Relay::drain_output() {
    while (output_.open()) {
        pollfd wish = output_.wish();
        constexpr int nothing_more_ms = 50;
        if (::poll(&wish, 1, nothing_more_ms) <= 0) return;
        output_.move();
    }
}

Result<int> Relay::run() {
    const RawMode raw(terminal_.valid() ? STDIN_FILENO : -1);
    if (terminal_.valid()) {
        copy_window_size(STDIN_FILENO, terminal_.get());
        (void)::fcntl(terminal_.get(), F_SETFL, O_NONBLOCK);
    }
    while (!ended_) {
        pollfd fds[4] = {{signals_.get(), POLLIN, 0},
                         input_.wish(),
                         output_.wish(),
                         {notify_ != nullptr ? notify_->socket() : -1, POLLIN, 0}};
        if (::poll(fds, 4, -1) < 0 && errno != EINTR) return fail_errno("poll");
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

Result<int> relay(Process init, Fd terminal, const Fd& signals, const NotifyProxy* notify) {
    return Relay(std::move(init), std::move(terminal), signals, notify).run();
}

}  // namespace sampan
