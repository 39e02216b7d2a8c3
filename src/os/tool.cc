#include "os/tool.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "os/socket.h"

namespace sampan {

namespace {

// What the tool has as its standard descriptors; -1: ours.
struct Stdio {
    int input = -1;
    int output = -1;
    int errors = -1;
};

bool replace_stdio(const Stdio& stdio) {
    const int wanted[] = {stdio.input, stdio.output, stdio.errors};
    // dup2 clears close-on-exec.
    for (int fd = 0; fd <= 2; ++fd)
        if (wanted[fd] >= 0 && ::dup2(wanted[fd], fd) < 0) return false;
    return true;
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
    Cloned child = TRY(clone_process(0));
    if (child.pid == 0) {
        // Only async-signal-safe calls.
        if (replace_stdio(stdio)) ::execve(path.c_str(), arguments.data(), environment);
        ::_exit(127);
    }
    return Process(child.pid, std::move(child.pidfd));
}

}  // namespace

std::optional<std::string> find_tool(const std::string& name) {
    for (const char* folder : {"/usr/bin/", "/bin/"}) {
        std::string path = folder + name;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return std::nullopt;
}

std::optional<std::string> find_own_tool(const std::string& name, const std::string& folder) {
    std::vector<std::string> places;
    if (const Result<std::string> self = read_link(cwd, "/proc/self/exe")) {
        const std::string beside = self->substr(0, self->rfind('/'));
        for (const char* place : {"/../libexec/sampan/", "/../systemd/"})
            places.push_back(beside + place + name);
    }
    places.push_back(format("{}/{}", folder, name));
    for (std::string& path : places)
        if (::access(path.c_str(), X_OK) == 0) return std::move(path);
    return std::nullopt;
}

Result<ToolOutput> run_tool(const std::string& path,
                            const std::vector<std::string>& words,
                            char* const* environment,
                            ToolErrors errors,
                            size_t limit) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) return fail_errno("making a pipe");
    Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const int captured = errors == ToolErrors::captured ? write_end.get() : -1;
    Process process =
        TRY(execute(path, words, environment, {.output = write_end.get(), .errors = captured}));
    write_end.reset();
    Result<std::string> text = read_all(read_end.get(), limit);
    // One that prints more must not wait for us to read it.
    read_end.reset();
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
