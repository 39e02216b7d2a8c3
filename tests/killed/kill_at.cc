// kill_at N self|init COMMAND...: runs COMMAND and kills it by SIGKILL when it is about to make its
// Nth system call; with `init`, kills its first child instead. Ends like COMMAND (with 137 if it
// was killed). Prints "reached" on standard error if the call was reached. A child that still waits
// when COMMAND has ended is killed.
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
constexpr long options_of_parent =
    options | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
constexpr int syscall_stop = SIGTRAP | 0x80;

pid_t start(char** command) {
    const pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid > 0) return pid;
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) < 0) die("traceme");
    raise(SIGSTOP);
    execvp(command[0], command);
    die(command[0]);
}

class Tracer {
  public:
    Tracer(long at, bool child, pid_t command) : at_(at), child_(child), command_(command) {
        watched_ = child ? 0 : command;
    }
    int run();

  private:
    void resume(pid_t pid, int signal) const {
        ptrace(pid == watched_ ? PTRACE_SYSCALL : PTRACE_CONT, pid, nullptr, signal);
    }
    void handle_stop(pid_t pid, int status);
    void count_call(pid_t pid);

    long at_;
    bool child_;
    pid_t command_;
    pid_t watched_;
    bool executed_ = false;  // calls before COMMAND is executed do not count
    bool entering_ = true;
    long calls_ = 0;
};

void Tracer::count_call(pid_t pid) {
    if (entering_ && (child_ || executed_) && ++calls_ == at_) {
        std::fputs("reached\n", stderr);
        kill(pid, SIGKILL);
    }
    entering_ = !entering_;
    resume(pid, 0);
}

void Tracer::handle_stop(pid_t pid, int status) {
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (signal == syscall_stop) {
        count_call(pid);
    } else if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK ||
               event == PTRACE_EVENT_VFORK) {
        unsigned long made = 0;
        ptrace(PTRACE_GETEVENTMSG, pid, nullptr, &made);
        if (child_ && watched_ == 0) watched_ = static_cast<pid_t>(made);
        resume(pid, 0);
    } else if (signal == SIGTRAP && pid == command_ && !executed_) {
        // execve(2) is not complete yet: its end is the next stop.
        executed_ = true;
        entering_ = false;
        resume(pid, 0);
    } else if (signal == SIGSTOP && pid != command_ && event == 0) {
        // A new process, perhaps before the call that made it returns. Processes that are not
        // watched go on by themselves.
        if (child_ && watched_ == 0) watched_ = pid;
        if (pid == watched_) {
            ptrace(PTRACE_SETOPTIONS, pid, nullptr, options);
            resume(pid, 0);
        } else {
            ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
        }
    } else {
        resume(pid, signal == SIGTRAP || signal == SIGSTOP ? 0 : signal);
    }
}

int Tracer::run() {
    int status = 0;
    if (waitpid(command_, &status, 0) < 0) die("waitpid");
    ptrace(PTRACE_SETOPTIONS, command_, nullptr, child_ ? options_of_parent : options);
    resume(command_, 0);
    while (true) {
        const pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0) die("waitpid");
        if (WIFSTOPPED(status)) {
            handle_stop(pid, status);
            continue;
        }
        if (pid != command_) continue;
        return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: kill_at N self|init COMMAND...\n", stderr);
        return 2;
    }
    const long at = std::strtol(argv[1], nullptr, 10);
    const bool child = std::strcmp(argv[2], "init") == 0;
    return Tracer(at, child, start(argv + 3)).run();
}
