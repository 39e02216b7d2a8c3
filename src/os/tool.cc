#include "os/tool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "os/file.h"
#include "os/socket.h"

namespace sampan {

namespace {

// The standard descriptors of the tool; -1: the same as ours.
struct Stdio {
    int input = -1;
    int output = -1;
    int errors = -1;
};

struct Pipe {
    Fd read_end;
    Fd write_end;
};
Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) return fail_errno("making a pipe");
    return Pipe{Fd(ends[0]), Fd(ends[1])};
}

bool replace_stdio(const Stdio& stdio) {
    const int wanted[] = {stdio.input, stdio.output, stdio.errors};
    // dup2 clears close-on-exec.
    for (int fd = 0; fd <= 2; ++fd)
        if (wanted[fd] >= 0 && ::dup2(wanted[fd], fd) < 0) return false;
    return true;
}

// `report` is close-on-exec: an errno that arrives there is a failure, end-of-file means success.
[[noreturn]] void become_tool(const char* path,
                              char* const* arguments,
                              char* const* environment,
                              const Stdio& stdio,
                              int report) noexcept {
    if (replace_stdio(stdio)) ::execve(path, arguments, environment);
    const int code = errno;
    (void)!::write(report, &code, sizeof code);
    ::_exit(127);
}

Status await_execution(Pipe report, const std::string& path) {
    report.write_end.reset();
    const std::string text = TRY(read_all(report.read_end.get()));
    int code = 0;
    if (text.size() != sizeof code) return {};
    std::memcpy(&code, text.data(), sizeof code);
    return fail(format("executing {}", path), code);
}

Result<Process> execute(const std::string& path,
                        const std::vector<std::string>& words,
                        char* const* environment,
                        const Stdio& stdio) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Pipe report = TRY(make_pipe());
    Cloned child = TRY(clone_process(0));
    if (child.pid == 0)
        become_tool(path.c_str(), arguments.data(), environment, stdio, report.write_end.get());
    Process process(child.pid, std::move(child.pidfd));
    TRY(await_execution(std::move(report), path));
    return process;
}

}  // namespace

namespace {

Result<std::optional<std::string>> first_executable(std::vector<std::string> paths) {
    for (std::string& path : paths) {
        if (::access(path.c_str(), X_OK) == 0) return std::move(path);
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
            return fail_errno("looking for {}", path);
    }
    return std::nullopt;
}

}  // namespace

Result<std::optional<std::string>> find_tool(const std::string& name) {
    return first_executable({"/usr/bin/" + name, "/bin/" + name});
}

Result<std::optional<std::string>> find_own_tool(const std::string& name,
                                                 const std::string& folder) {
    std::vector<std::string> places;
    if (const Result<std::string> self = read_link(cwd, "/proc/self/exe")) {
        const std::string beside = self->substr(0, self->rfind('/'));
        for (const char* place : {"/../libexec/sampan/", "/../systemd_helper/"})
            places.push_back(format("{}{}{}", beside, place, name));
    }
    places.push_back(format("{}/{}", folder, name));
    return first_executable(std::move(places));
}

Result<ToolOutput> run_tool(const std::string& path,
                            const std::vector<std::string>& words,
                            char* const* environment,
                            ToolErrors errors,
                            size_t limit) {
    Pipe pipe = TRY(make_pipe());
    const int output = pipe.write_end.get();
    const int captured = errors == ToolErrors::captured ? output : -1;
    Process process =
        TRY(execute(path, words, environment, {.output = output, .errors = captured}));
    pipe.write_end.reset();
    Result<std::string> text = read_all(pipe.read_end.get(), limit);
    // If it prints more, it must not wait for us to read it.
    pipe.read_end.reset();
    const ExitStatus status = TRY(process.wait());
    return ToolOutput{status, TRY(std::move(text).in(path))};
}

Result<RunningTool> start_tool(const std::string& path,
                               const std::vector<std::string>& words,
                               char* const* environment) {
    SocketPair channel = TRY(make_seqpacket_pair());
    const int theirs = channel.theirs.get();
    Process process = TRY(execute(path, words, environment, {.input = theirs, .output = theirs}));
    return RunningTool{std::move(process), std::move(channel.ours)};
}

}  // namespace sampan
