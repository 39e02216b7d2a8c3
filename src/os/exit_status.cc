#include "os/exit_status.h"

#include <linux/ioctl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <cerrno>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

// struct pidfd_info of <linux/pidfd.h> since 6.13, in its first size.
struct PidfdInfo {
    uint64_t mask;
    uint64_t cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
constexpr unsigned long get_info = _IOWR(0xFF, 11, PidfdInfo);
constexpr uint64_t info_exit = 1 << 3;  // since 6.15; only once the process has been reaped

std::optional<ExitStatus> kept_by_kernel(int pidfd) {
    PidfdInfo info{.mask = info_exit};
    if (::ioctl(pidfd, get_info, &info) < 0 || (info.mask & info_exit) == 0) return std::nullopt;
    return to_exit_status(info.exit_code);
}

// The kernel shows 0 to those who may not know it. It asks for the same permission here.
bool may_know(pid_t pid) {
    return read_link(cwd, format("/proc/{}/ns/user", pid)).has_value();
}

bool is_reaped(int pidfd) {
    const Status sent = send_signal(pidfd, 0);
    return !sent && sent.error().code() == ESRCH;
}

// Of a zombie.
Result<std::optional<ExitStatus>> shown_by_proc(pid_t pid, int pidfd) {
    const bool permitted = may_know(pid);
    const std::optional<ProcessStat> stat = TRY(read_process_stat(pid));
    // Once it is reaped, its number may have been that of another process.
    if (!stat || stat->state != 'Z' || is_reaped(pidfd)) return std::nullopt;
    if (stat->ended || !permitted) return stat->ended;
    return ExitStatus{};
}

// For a moment: somebody is about to reap it, or nobody is.
void await_reaping(int pidfd) {
    constexpr int patience_ms = 1000;
    pollfd entry{pidfd, 0, 0};  // POLLHUP
    (void)::poll(&entry, 1, patience_ms);
}

}  // namespace

Result<std::optional<ExitStatus>> wait_for_other(pid_t pid, int pidfd) {
    TRY(wait_for_end(pidfd, -1));
    if (const std::optional<ExitStatus> shown = TRY(shown_by_proc(pid, pidfd))) return shown;
    if (const std::optional<ExitStatus> kept = kept_by_kernel(pidfd)) return kept;
    await_reaping(pidfd);
    return kept_by_kernel(pidfd);
}

}  // namespace sampan
