#include "launch/stub/hook_process.h"

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <linux/time_types.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "launch/stub/raw.h"

namespace sampan::stub {

namespace {

void close_fd(int fd) {
    raw_call(__NR_close, fd);
}

int64_t now_ms() {
    __kernel_timespec now{};
    raw_call(__NR_clock_gettime, 1 /* CLOCK_MONOTONIC */, address(&now));
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// The ends for the hook, and ours. They are sockets, because writing to a socket whose reader is
// gone can be told not to raise SIGPIPE: it is no failure if a hook does not read its state.
struct Channels {
    int state[2];
    int output[2];
    int started[2];
};

long open_channels(Channels& channels) {
    const long type = SOCK_STREAM | SOCK_CLOEXEC;
    long done = raw_call(__NR_socketpair, AF_UNIX, type, 0, address(channels.state));
    if (done == 0) done = raw_call(__NR_socketpair, AF_UNIX, type, 0, address(channels.output));
    if (done == 0) done = raw_call(__NR_pipe2, address(channels.started), O_CLOEXEC);
    return done;
}

// What a child says if it could not become the hook.
struct Failure {
    HookEnd end;
    int32_t code;
};

long close_the_rest(long report) {
    const long done = raw_call(__NR_close_range, 3, report - 1, 0);
    return done < 0 ? done : raw_call(__NR_close_range, report + 1, ~0U, 0);
}

// In the child: of our descriptors only 0, 1 and 2 reach the hook (none of sampan's leaks into it).
// `report` becomes the one by which the rest of this process reports failures. Returns a negative
// errno for a failure.
long prepare_hook(const HookRequest& request, const Channels& channels, long& report) {
    long done = raw_call(__NR_setpgid, 0, 0);
    // If the process that runs the hook was killed, nobody would end the hook, or know of it.
    if (done >= 0) done = raw_call(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (done < 0) return done;
    uint64_t no_signals = 0;
    done = raw_call(__NR_rt_sigprocmask, SIG_SETMASK, address(&no_signals), 0, sizeof no_signals);
    if (done < 0) return done;
    // First moved out of the way, because one of them may be 0, 1 or 2 itself.
    const long input = raw_call(__NR_fcntl, channels.state[1], F_DUPFD, 10);
    if (input < 0) return input;
    const int kept = channels.output[1];
    const long output =
        raw_call(__NR_fcntl, request.output >= 0 ? request.output : kept, F_DUPFD, 10);
    if (output < 0) return output;
    const long error = raw_call(__NR_fcntl, request.error >= 0 ? request.error : kept, F_DUPFD, 10);
    if (error < 0) return error;
    const long moved = raw_call(__NR_fcntl, channels.started[1], F_DUPFD_CLOEXEC, 10);
    if (moved < 0) return moved;
    report = moved;
    const long sources[] = {input, output, error};
    for (int fd = 0; fd <= 2; ++fd)
        if ((done = raw_call(__NR_dup3, sources[fd], fd, 0)) < 0) return done;
    if ((done = close_the_rest(report)) < 0) return done;
    // The specification names none, so it is no failure if it is gone, or closed to root of the
    // container.
    if (request.folder == nullptr || raw_call(__NR_chdir, address(request.folder)) >= 0) return 0;
    return raw_call(__NR_chdir, address("/"));
}

[[noreturn]] void become_hook(const HookRequest& request, const Channels& channels) {
    long report = channels.started[1];
    Failure failure{HookEnd::not_started, 0};
    long done = prepare_hook(request, channels, report);
    if (done >= 0) {
        failure.end = HookEnd::not_executed;
        done = raw_call(__NR_execve, address(request.path), address(request.arguments),
                        address(request.environment));
    }
    failure.code = static_cast<int32_t>(-done);
    // If even this fails, only the exit code is left.
    raw_call(__NR_write, report, address(&failure), sizeof failure);
    raw_call(__NR_exit_group, 127);
    __builtin_unreachable();
}

// Keeps the last bytes.
void keep_output(HookOutcome& outcome, const char* text, uint32_t size) {
    constexpr uint32_t room = sizeof outcome.output;
    for (uint32_t i = 0; i < size; ++i) {
        if (outcome.output_size == room) {
            for (uint32_t j = 0; j < room / 2; ++j)
                outcome.output[j] = outcome.output[j + room / 2];
            outcome.output_size = room / 2;
        }
        outcome.output[outcome.output_size++] = text[i];
    }
}

// Reads what is there; false at the end. A failure counts as the end: only text is lost.
bool drain(int fd, HookOutcome& outcome) {
    char buffer[1024];
    const long got = raw_call(__NR_recvfrom, fd, address(buffer), sizeof buffer, MSG_DONTWAIT);
    if (got > 0) keep_output(outcome, buffer, static_cast<uint32_t>(got));
    return got > 0 || got == -EAGAIN || got == -EINTR;
}

struct Feed {
    const char* next;
    uint64_t left;
};

// Gives the hook as much of its state as it takes, and closes the channel after the last byte.
// Returns a negative errno if the hook would get less than that, although it reads.
long feed_state(int& fd, Feed& feed) {
    const long sent = feed.left == 0
                          ? 0
                          : raw_call(__NR_sendto, fd, address(feed.next),
                                     static_cast<long>(feed.left), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
        feed.next += sent;
        feed.left -= static_cast<uint64_t>(sent);
    }
    if (sent == -EAGAIN || sent == -EINTR) return 0;
    if (feed.left == 0 || sent < 0) {
        close_fd(fd);
        fd = -1;
    }
    return sent == -EPIPE || sent == -ECONNRESET ? 0 : sent;
}

long poll_until(pollfd* fds, long count, int64_t deadline) {
    __kernel_timespec wait{};
    __kernel_timespec* limit = nullptr;
    if (deadline > 0) {
        const int64_t left = deadline - now_ms();
        if (left <= 0) return 0;
        wait = {left / 1000, left % 1000 * 1000000};
        limit = &wait;
    }
    return raw_call(__NR_ppoll, address(fds), count, address(limit), 0, 8);
}

struct Watched {
    HookEnd end;
    long code = 0;  // a negative errno of `not_watched`
};

// Feeds and reads until the hook itself has ended. Processes that it left running may hold its
// output open, which does not matter here. Returns `exited` if it ended by itself, otherwise what
// happened.
Watched attend(int pidfd,
               Channels& channels,
               const HookRequest& request,
               HookOutcome& outcome,
               int64_t deadline) {
    Feed feed{request.state, request.state_size};
    long fed = feed_state(channels.state[0], feed);
    while (fed >= 0) {
        pollfd fds[4] = {{pidfd, POLLIN, 0},
                         {channels.output[0], POLLIN, 0},
                         {channels.state[0], POLLOUT, 0},
                         {request.guard, POLLIN, 0}};
        const long ready = poll_until(fds, 4, deadline);
        if (ready == -EINTR && request.interrupted != nullptr && *request.interrupted != 0)
            return {HookEnd::interrupted};
        if (ready == -EINTR) continue;
        if (ready < 0) return {HookEnd::not_watched, ready};
        if (ready == 0) return {HookEnd::timed_out};
        if (fds[2].revents != 0) fed = feed_state(channels.state[0], feed);
        if (fds[1].revents != 0 && !drain(channels.output[0], outcome)) {
            close_fd(channels.output[0]);
            channels.output[0] = -1;  // poll(2) ignores it
        }
        if (fds[0].revents != 0) return {HookEnd::exited};
        if (fds[3].revents != 0) return {HookEnd::abandoned};
    }
    return {HookEnd::not_watched, fed};
}

// It is our child and not reaped yet, so its number and that of its group belong to nobody else.
void kill_hook(long pid, int pidfd) {
    raw_call(__NR_kill, -pid, SIGKILL);
    raw_call(__NR_pidfd_send_signal, pidfd, SIGKILL, 0, 0);  // it may not have made its group yet
}

// What it said itself, or how it ended.
Watched describe_exit(int raw, int started, HookOutcome& outcome) {
    Failure failure{};
    long got;
    while ((got = raw_call(__NR_read, started, address(&failure), sizeof failure)) == -EINTR) {
    }
    if (got < 0) return {HookEnd::not_watched, got};
    if (got == sizeof failure) {
        outcome.value = failure.code;
        return {failure.end};
    }
    outcome.value = WIFSIGNALED(raw) ? WTERMSIG(raw) : WEXITSTATUS(raw);
    return {WIFSIGNALED(raw) ? HookEnd::signalled : HookEnd::exited};
}

void collect(long pid, int pidfd, Watched watched, int started, HookOutcome& outcome) {
    if (watched.end != HookEnd::exited) kill_hook(pid, pidfd);
    int raw = 0;
    long reaped;
    while ((reaped = raw_call(__NR_wait4, pid, address(&raw), 0, 0)) == -EINTR) {
    }
    if (watched.end == HookEnd::exited)
        watched = reaped == pid ? describe_exit(raw, started, outcome)
                                : Watched{HookEnd::not_watched, reaped};
    outcome.end = watched.end;
    if (watched.end == HookEnd::not_watched) outcome.value = static_cast<int32_t>(-watched.code);
}

long fork_with_pidfd(int& pidfd) {
    // clone(2) with CLONE_PIDFD: the descriptor is written to where the third argument points.
    return raw_call(__NR_clone, 0x1000 /* CLONE_PIDFD */ | SIGCHLD, 0, address(&pidfd));
}

}  // namespace

bool run_hook_process(const HookRequest& request, HookOutcome& outcome) {
    outcome.end = HookEnd::not_started;
    outcome.value = 0;
    outcome.output_size = 0;
    Channels channels{{-1, -1}, {-1, -1}, {-1, -1}};
    const int64_t begin = now_ms();
    int pidfd = -1;
    long pid = open_channels(channels);
    if (pid == 0) pid = fork_with_pidfd(pidfd);
    if (pid == 0) become_hook(request, channels);
    close_fd(channels.state[1]);
    close_fd(channels.output[1]);
    close_fd(channels.started[1]);
    if (pid > 0) {
        const int64_t deadline = request.timeout_ms > 0 ? begin + request.timeout_ms : 0;
        const Watched watched = attend(pidfd, channels, request, outcome, deadline);
        collect(pid, pidfd, watched, channels.started[0], outcome);
        for (int rounds = 0; rounds < 64 && channels.output[0] >= 0; ++rounds) {
            const uint32_t before = outcome.output_size;
            if (!drain(channels.output[0], outcome) || outcome.output_size == before) break;
        }
    } else {
        outcome.value = static_cast<int32_t>(-pid);
    }
    close_fd(pidfd);
    if (channels.state[0] >= 0) close_fd(channels.state[0]);
    if (channels.output[0] >= 0) close_fd(channels.output[0]);
    close_fd(channels.started[0]);
    outcome.duration_ms = static_cast<uint32_t>(now_ms() - begin);
    return outcome.end == HookEnd::exited && outcome.value == 0;
}

}  // namespace sampan::stub
