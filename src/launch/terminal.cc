#include "launch/terminal.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <span>

#include "base/text.h"
#include "launch/sync.h"
#include "os/file.h"
#include "os/socket.h"

namespace sampan {

struct CallersTerminal::Settings {
    termios values{};
};

Status check_console_socket(bool terminal, const std::string& socket) {
    if (terminal && socket.empty())
        return fail(ErrorKind::usage, "process.terminal is true, but nobody takes the terminal")
            .at("/process/terminal")
            .hint("give --console-socket, or use `sampan run` without --detach");
    if (!terminal && !socket.empty())
        return fail(ErrorKind::usage,
                    "--console-socket is given, but process.terminal is not true");
    return {};
}

Result<Fd> receive_terminal(Sync& sync) {
    Heard console = TRY(sync.expect(MessageType::console));
    TRY(check_is_terminal(console.fd.get()));
    return std::move(console.fd);
}

Status check_is_terminal(int fd) {
    const struct stat info = TRY(stat_of(fd));
    const dev_t multiplexer = makedev(5, 2);  // of every devpts (the kernel's devices.txt)
    if (!S_ISCHR(info.st_mode) || info.st_rdev != multiplexer)
        return failf("what came as the terminal is not a terminal");
    return {};
}

Status send_terminal(const std::string& path, Fd master) {
    const Fd socket = TRY(connect_stream(path).in("the console socket"));
    constexpr std::string_view name = "/dev/ptmx";
    Status sent = send_message(socket.get(), std::as_bytes(std::span(name)), master.get());
    // It is the engine that hangs up there, not the process that we talk to.
    if (!sent) sent.error().set_kind(ErrorKind::failed);
    return std::move(sent).in("handing the terminal over");
}

// The master's settings are those of the program's side.
void keep_line_ends(int master) {
    termios settings{};
    if (::isatty(STDOUT_FILENO) == 1 || ::tcgetattr(master, &settings) < 0) return;
    settings.c_oflag &= ~static_cast<tcflag_t>(ONLCR);
    (void)::tcsetattr(master, TCSANOW, &settings);
}

void copy_window_size(int from, int to) {
    winsize size{};
    if (::ioctl(from, TIOCGWINSZ, &size) == 0) (void)::ioctl(to, TIOCSWINSZ, &size);
}

bool CallersTerminal::is_ours() const {
    const pid_t foreground = ::tcgetpgrp(fd_);
    // An error means that it is not a terminal, or not that of our session, where we have no job
    // control.
    return foreground < 0 || foreground == ::getpgrp();
}

void CallersTerminal::make_raw() {
    give_back();
    termios now{};
    if (::tcgetattr(fd_, &now) < 0) return;
    saved_ = new Settings{now};
    ::cfmakeraw(&now);
    (void)::tcsetattr(fd_, TCSADRAIN, &now);
}

void CallersTerminal::give_back() {
    if (saved_ == nullptr) return;
    // Not in the background: after a SIGSTOP, the shell has its own settings there.
    if (is_ours()) (void)::tcsetattr(fd_, TCSADRAIN, &saved_->values);
    delete saved_;
    saved_ = nullptr;
}

}  // namespace sampan
