#include "os/tool.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

std::optional<std::string> find_tool(const std::string& name) {
    for (const char* folder : {"/usr/bin/", "/bin/"}) {
        std::string path = folder + name;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
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
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Cloned child = TRY(clone_process(0));
    if (child.pid == 0) {
        // Only async-signal-safe calls. dup2 clears close-on-exec; the standard input stays.
        const bool captured = errors == ToolErrors::captured;
        if (::dup2(write_end.get(), STDOUT_FILENO) >= 0 &&
            (!captured || ::dup2(write_end.get(), STDERR_FILENO) >= 0))
            ::execve(path.c_str(), arguments.data(), environment);
        ::_exit(127);
    }
    Process process(child.pid, std::move(child.pidfd));
    write_end.reset();
    Result<std::string> text = read_all(read_end.get(), limit);
    // One that prints more must not wait for us to read it.
    read_end.reset();
    const ExitStatus status = TRY(process.wait());
    return ToolOutput{status, TRY(std::move(text).in(path))};
}

}  // namespace sampan
