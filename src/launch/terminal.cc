#include "launch/terminal.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>

#include <span>

#include "base/text.h"
#include "launch/sync.h"
#include "os/file.h"
#include "os/socket.h"

namespace sampan {

struct RawMode::Settings {
    termios values{};
};

Status check_console_socket(bool terminal, const std::string& socket) {
    if (terminal && socket.empty()) {
        Error error("process.terminal is true, and nobody takes the terminal");
        error.set_pointer("/process/terminal");
        error.set_hint("give --console-socket, or use `sampan run` without --detach");
        return std::unexpected(std::move(error));
    }
    if (!terminal && !socket.empty())
        return failf("--console-socket is given, but process.terminal is not true");
    return {};
}

Result<Fd> receive_terminal(Sync& sync) {
    Heard console = TRY(sync.expect(MessageType::console));
    const struct stat info = TRY(stat_of(console.fd.get()));
    const dev_t multiplexer = makedev(5, 2);  // of every devpts (linux/Documentation, devices.txt)
    if (!S_ISCHR(info.st_mode) || info.st_rdev != multiplexer)
        return failf("what came as the terminal is none");
    return std::move(console.fd);
}

Status send_terminal(const std::string& path, Fd master) {
    const Fd socket = TRY(connect_stream(path).in("the console socket"));
    constexpr std::string_view name = "/dev/ptmx";
    return send_message(socket.get(), std::as_bytes(std::span(name)), master.get())
        .in("handing the terminal over");
}

void copy_window_size(int from, int to) {
    winsize size{};
    if (::ioctl(from, TIOCGWINSZ, &size) == 0) (void)::ioctl(to, TIOCSWINSZ, &size);
}

RawMode::RawMode(int fd) {
    termios now{};
    if (::tcgetattr(fd, &now) < 0) return;
    saved_ = new Settings{now};
    fd_ = fd;
    ::cfmakeraw(&now);
    (void)::tcsetattr(fd, TCSADRAIN, &now);
}

RawMode::~RawMode() {
    if (saved_ == nullptr) return;
    (void)::tcsetattr(fd_, TCSADRAIN, &saved_->values);
    delete saved_;
}

}  // namespace sampan
