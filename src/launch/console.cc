#include "launch/console.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "base/text.h"
#include "launch/pump.h"
#include "launch/terminal.h"
#include "os/file.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sampan {

namespace {

// A socket that others can find as long as this object exists.
class ListeningConsole {
  public:
    static Result<ListeningConsole> open(const std::string& path) {
        const size_t slash = path.rfind('/');
        ListeningConsole console;
        console.folder_ =
            TRY(open_at(cwd, slash == std::string::npos ? "." : path.substr(0, slash + 1),
                        O_PATH | O_DIRECTORY));
        const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
        console.socket_ = TRY(listen_in(console.folder_.get(), name, SOCK_STREAM, 0600));
        console.name_ = name;
        return console;
    }
    ListeningConsole(ListeningConsole&&) = default;
    ListeningConsole(const ListeningConsole&) = delete;
    ListeningConsole& operator=(const ListeningConsole&) = delete;
    ListeningConsole& operator=(ListeningConsole&&) = delete;
    ~ListeningConsole() {
        if (socket_.valid()) (void)remove_file(folder_.get(), name_);
    }
    [[nodiscard]] int socket() const { return socket_.get(); }

  private:
    ListeningConsole() = default;
    Fd folder_;
    Fd socket_;
    std::string name_;
};

bool ends_us(int signal) {
    return signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

Result<Fd> accept_peer(int listener) {
    Fd peer(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer.valid()) return fail_errno("accepting a connection");
    return peer;
}

Result<Fd> receive_master(int peer) {
    std::array<std::byte, 4096> name;
    Received received = TRY(receive_message(peer, name));
    if (!received.fd.valid()) return fail("what came has no descriptor of a terminal");
    TRY(check_is_terminal(received.fd.get()));
    return std::move(received.fd);
}

// Shows a terminal on ours.
class Screen {
  public:
    Screen(Fd master, const Fd& signals)
        : master_(std::move(master)),
          signals_(signals),
          input_(STDIN_FILENO, master_.get(), Pump::WhenUnread::stop),
          output_(master_.get(), STDOUT_FILENO, Pump::WhenUnread::discard) {}

    Result<int> run();

  private:
    Fd master_;
    const Fd& signals_;
    CallersTerminal caller_{STDIN_FILENO};
    Pump input_;
    Pump output_;
};

Result<int> Screen::run() {
    constexpr int next_look_ms = 200;  // nothing reports that we are in the foreground again
    (void)::fcntl(master_.get(), F_SETFL, O_NONBLOCK);
    while (output_.open() || output_.is_full()) {
        const bool ours = caller_.is_ours();
        if (ours && !caller_.is_raw() && ::isatty(STDIN_FILENO) == 1) {
            caller_.make_raw();
            copy_window_size(STDIN_FILENO, master_.get());
        }
        pollfd fds[3] = {
            {signals_.get(), POLLIN, 0},
            ours && (input_.open() || input_.is_full()) ? input_.wish() : pollfd{-1, 0, 0},
            output_.wish()};
        if (::poll(fds, 3, ours ? -1 : next_look_ms) < 0 && errno != EINTR)
            return fail_errno("poll");
        if (fds[2].revents != 0) output_.move();
        if (fds[1].revents != 0) input_.move();
        if (fds[0].revents == 0) continue;
        const int signal = TRY(read_signal(signals_.get())).number;
        if (signal == SIGWINCH) copy_window_size(STDIN_FILENO, master_.get());
        if (ends_us(signal)) return 128 + signal;
    }
    return 0;
}

}  // namespace

Result<int> show_console(const std::string& path, const std::function<void(const Error&)>& tell) {
    const Fd signals = TRY(signals_as_fd());
    std::optional<ListeningConsole> listener = TRY(ListeningConsole::open(path).in(path));
    Fd peer;  // who has connected last, and has sent nothing yet
    while (true) {
        pollfd fds[3] = {
            {signals.get(), POLLIN, 0}, {peer.get(), POLLIN, 0}, {listener->socket(), POLLIN, 0}};
        if (::poll(fds, 3, -1) < 0 && errno != EINTR) return fail_errno("poll");
        if (fds[0].revents != 0)
            if (const int signal = TRY(read_signal(signals.get())).number; ends_us(signal))
                return 128 + signal;
        if (fds[1].revents != 0) {
            Result<Fd> master = receive_master(peer.get()).in(path);
            if (master) {
                listener.reset();
                return Screen(std::move(*master), signals).run();
            }
            tell(master.error());
            peer.reset();
        } else if (fds[2].revents != 0) {
            peer = TRY(accept_peer(listener->socket()).in(path));
        }
    }
}

}  // namespace sampan
