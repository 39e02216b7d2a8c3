#include "os/process.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc 2.36 declares these functions without C linkage.
extern "C" {
#include <sys/pidfd.h>
}

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/text.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/namespaces.h"
#include "os/signals.h"

namespace sampan {

ExitStatus to_exit_status(int raw) {
    if (WIFSIGNALED(raw)) return {128 + WTERMSIG(raw), WTERMSIG(raw)};
    return {WEXITSTATUS(raw), 0};
}

std::string describe(const ExitStatus& status) {
    if (status.signal == 0) return format("exited with {}", status.code);
    return format("was killed by {}", signal_name(status.signal));
}

namespace {

// To be called after SIGKILL; waits even if we were asked to end.
bool has_soon_ended(int pidfd) {
    using std::chrono::milliseconds;
    const auto deadline = std::chrono::steady_clock::now() + milliseconds(2000);
    pollfd entry{pidfd, POLLIN, 0};
    while (true) {
        const auto left =
            std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        const int ready = ::poll(&entry, 1, static_cast<int>(std::max<int64_t>(left, 0)));
        if (ready >= 0 || errno != EINTR) return ready != 0;
    }
}

}  // namespace

Process::Process(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {
    kill_when_interrupted(pidfd_.get());
}

void Process::release() {
    spare_when_interrupted(pidfd_.get());
    pid_ = 0;
}

Process& Process::operator=(Process&& other) noexcept {
    if (this != &other) {
        destroy();
        pid_ = std::exchange(other.pid_, 0);
        pidfd_ = std::move(other.pidfd_);
    }
    return *this;
}

Process::~Process() {
    destroy();
}

void Process::destroy() {
    if (pid_ <= 0) return;
    (void)::pidfd_send_signal(pidfd_.get(), SIGKILL, nullptr, 0);
    // Waits only for a time: a process in a frozen cgroup of v1, or one that a file system does not
    // answer, ends later, and is reaped by its next parent.
    if (has_soon_ended(pidfd_.get())) {
        (void)wait();
    } else {
        release();
    }
}

Result<ExitStatus> Process::wait() {
    int raw = 0;
    while (::waitpid(pid_, &raw, 0) < 0)
        if (errno != EINTR) return fail_errno("waiting for process {}", pid_);
    release();
    return to_exit_status(raw);
}

Result<Process> adopt_child(pid_t pid) {
    Fd pidfd = TRY(open_pidfd(pid));
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info,
                 WEXITED | WNOHANG | WNOWAIT | __WALL) < 0)
        return fail_errno("process {} is not a child", pid);
    return Process(pid, std::move(pidfd));
}

Result<Cloned> clone_process(uint64_t flags, int cgroup, int32_t* told) {
    int pidfd = -1;
    clone_args args{};
    args.flags = flags | CLONE_PIDFD | CLONE_CLEAR_SIGHAND;
    args.pidfd = reinterpret_cast<uint64_t>(&pidfd);
    args.exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD;
    if (cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = static_cast<uint64_t>(cgroup);
    }
    if (told != nullptr) {
        args.flags |= CLONE_PARENT_SETTID;
        args.parent_tid = reinterpret_cast<uint64_t>(told);
    }
    const long pid = ::syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0) return fail_errno("clone3");
    return Cloned{static_cast<pid_t>(pid), Fd(pid == 0 ? -1 : pidfd)};
}

Result<Fd> open_pidfd(pid_t pid) {
    Fd fd(::pidfd_open(pid, 0));
    if (!fd.valid()) return fail_errno("opening process {}", pid);
    return fd;
}

Result<std::optional<Fd>> find_pidfd(pid_t pid) {
    Result<Fd> fd = open_pidfd(pid);
    if (fd) return std::optional(std::move(*fd));
    const int code = fd.error().code();
    if (code == ESRCH || code == EINVAL || code == ENOENT) return std::optional<Fd>();
    return Failure(std::move(fd).error());
}

Status send_signal(int pidfd, int signal) {
    if (::pidfd_send_signal(pidfd, signal, nullptr, 0) < 0)
        return fail_errno("sending signal {}", signal);
    return {};
}

Result<bool> wait_for_end(int pidfd, int timeout_ms) {
    pollfd entry{pidfd, POLLIN, 0};
    while (true) {
        const int ready = ::poll(&entry, 1, timeout_ms);
        if (ready >= 0) return ready > 0;
        if (!is_to_be_repeated()) return fail_errno("waiting for a process");
    }
}

Result<bool> wait_for_input(int fd, int pidfd) {
    pollfd entries[] = {{fd, POLLIN, 0}, {pidfd, POLLIN, 0}};
    while (::poll(entries, 2, -1) < 0)
        if (!is_to_be_repeated()) return fail_errno("waiting for a process");
    // Its last output may have come after poll(2) had looked.
    if (entries[0].revents == 0) (void)::poll(entries, 1, 0);
    return entries[0].revents != 0;
}

std::optional<ExitStatus> reap(pid_t pid) {
    int raw = 0;
    if (::waitpid(pid, &raw, WNOHANG) != pid) return std::nullopt;
    return to_exit_status(raw);
}

Result<std::optional<Reaped>> reap_any(bool block) {
    while (true) {
        int raw = 0;
        const pid_t pid = ::waitpid(-1, &raw, block ? 0 : WNOHANG);
        if (pid > 0) return Reaped{pid, to_exit_status(raw)};
        if (pid == 0 || errno == ECHILD) return std::nullopt;
        if (!is_to_be_repeated()) return fail_errno("waiting for a child");
    }
}

namespace {

// The kernel is asked, because /proc may hide it.
bool is_there(pid_t pid) {
    return ::kill(pid, 0) == 0 || errno != ESRCH;
}

Error cannot_be_seen(pid_t pid, Error why) {
    why.add_context(format("process {} exists, but cannot be examined", pid));
    why.set_hint(
        "/proc must be the proc file system of this pid namespace: mount -t proc proc /proc");
    return why;
}

// Read once: a process of ours that joins another time namespace examines no process afterwards.
Result<int64_t> our_boot_offset_ticks() {
    static std::optional<int64_t> known;
    if (!known) known = TRY(boot_offset_ticks());
    return *known;
}

// `text` is /proc/PID/stat, `offset` what boot_offset_ticks() gives.
std::optional<ProcessStat> parse_process_stat(std::string_view text, int64_t offset) {
    // The second field is the name in parentheses. It may contain anything, even parentheses.
    const size_t name_begin = text.find('(');
    const size_t name_end = text.rfind(')');
    if (name_begin == std::string::npos || name_end == std::string::npos) return std::nullopt;
    const std::vector<std::string_view> fields = split_words(text.substr(name_end + 1));
    constexpr size_t state_field = 0;  // field 3 of proc(5)
    constexpr size_t parent_field = 1;
    constexpr size_t start_time_field = 19;  // field 22
    constexpr size_t exit_code_field = 49;   // field 52; 0 for readers without permission
    if (fields.size() <= start_time_field) return std::nullopt;
    const std::optional<int64_t> start = parse_number<int64_t>(fields[start_time_field]);
    if (!start) return std::nullopt;
    ProcessStat stat{.name = std::string(text.substr(name_begin + 1, name_end - name_begin - 1)),
                     .state = fields[state_field][0],
                     .parent = parse_number<pid_t>(fields[parent_field]).value_or(0),
                     .start_time = static_cast<uint64_t>(*start - offset),
                     .ended = {}};
    if (stat.state == 'Z' && fields.size() > exit_code_field)
        if (const int raw = parse_number<int>(fields[exit_code_field]).value_or(0); raw != 0)
            stat.ended = to_exit_status(raw);
    return stat;
}

}  // namespace

// A difference of one tick is rounding: the offset of a time namespace may include a part of a
// tick.
bool ProcessStat::started_at(uint64_t ticks) const {
    return start_time <= ticks + 1 && ticks <= start_time + 1;
}

Result<std::optional<ProcessStat>> read_process_stat(pid_t pid) {
    Result<std::string> text = read_file(cwd, format("/proc/{}/stat", pid));
    if (!text) {
        const int code = text.error().code();
        if (code != ENOENT && code != ESRCH) return Failure(std::move(text).error());
        if (!is_there(pid)) return std::nullopt;
        return Failure(cannot_be_seen(pid, std::move(text).error()));
    }
    std::optional<ProcessStat> stat = parse_process_stat(*text, TRY(our_boot_offset_ticks()));
    if (!stat) return failf("/proc/{}/stat is not as expected", pid);
    return stat;
}

Result<bool> is_ancestor(pid_t pid) {
    for (pid_t above = ::getppid(); above > 0;) {
        if (above == pid) return true;
        const std::optional<ProcessStat> stat = TRY(read_process_stat(above));
        if (!stat) return false;
        above = stat->parent;
    }
    return false;
}

Result<std::optional<FileIdentity>> executed_file(pid_t pid) {
    const std::string path = format("/proc/{}/exe", pid);
    struct statx facts {};
    // Does not ask the file system, which the container itself may serve (FUSE) and never answer.
    if (::statx(AT_FDCWD, path.c_str(), AT_STATX_DONT_SYNC, STATX_INO, &facts) == 0)
        return FileIdentity{makedev(facts.stx_dev_major, facts.stx_dev_minor), facts.stx_ino};
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    const int code = errno;
    Failure failure = fail(format("stat {}", path), code);
    if (code != EACCES) return failure;
    return std::move(failure).hint(
        "this needs CAP_SYS_PTRACE: inside of another container, give it to that one, or "
        "this one a user namespace");
}

Status become_subreaper() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) return fail_errno("becoming a subreaper");
    return {};
}

Status set_dumpable(bool dumpable) {
    if (::prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0) < 0)
        return fail_errno("prctl(PR_SET_DUMPABLE)");
    return {};
}

}  // namespace sampan
