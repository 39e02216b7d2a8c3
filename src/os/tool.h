// Programs of the host that do a part of our work: newuidmap(1), ps(1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// The path of a tool in /usr/bin or /bin. PATH is not used, because the tool runs with our rights.
Result<std::optional<std::string>> find_tool(const std::string& name);
// The path of a tool of our own: beside this program, where it was built or installed, or in
// `folder`.
Result<std::optional<std::string>> find_own_tool(const std::string& name,
                                                 const std::string& folder);

enum class ToolErrors {
    shown,     // on our standard error
    captured,  // with the output
};

struct ToolOutput {
    ExitStatus status;
    std::string text;
};

// Executes `path` with these arguments (the first is its name), our standard input and the given
// environment, and waits for its end. It is an error if it prints more than `limit` bytes.
Result<ToolOutput> run_tool(const std::string& path,
                            const std::vector<std::string>& words,
                            char* const* environment,
                            ToolErrors errors,
                            size_t limit);

// A tool that keeps running while we talk to it.
struct RunningTool {
    Process process;
    Fd channel;  // SOCK_SEQPACKET: its standard input and output; closing it tells it to end
};
Result<RunningTool> start_tool(const std::string& path,
                               const std::vector<std::string>& words,
                               char* const* environment);

}  // namespace sampan
