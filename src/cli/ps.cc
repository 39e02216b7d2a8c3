#include "container/ps.h"

#include <unistd.h>

#include <array>

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/ps_table.h"
#include "os/tool.h"

namespace sampan {

namespace {

std::string as_json(const std::vector<pid_t>& pids) {
    std::vector<std::string> numbers;
    numbers.reserve(pids.size());
    for (const pid_t pid : pids)
        numbers.push_back(format("{}", pid));
    return format("[{}]\n", join(numbers, ","));
}

Result<std::string> as_table(const std::vector<pid_t>& pids, std::vector<std::string> options) {
    const std::optional<std::string> path = TRY(find_tool("ps"));
    if (!path)
        return fail("there is no ps").hint("install the package procps, or use --format json");
    if (options.empty()) options = {"-ef"};
    options.insert(options.begin(), "ps");
    constexpr size_t limit = 64 << 20;
    const ToolOutput done =
        TRY(run_tool(*path, options, ::environ, ToolErrors::shown, limit).in("running ps"));
    if (done.status.code != 0) return failf("ps {}", describe(done.status));
    return keep_processes(done.text, pids);
}

}  // namespace

Result<int> run_ps(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    // As docker has it: the containers.
    if (parsed.arguments.empty()) return run_list(invocation);
    constexpr std::array<std::string_view, 2> styles = {"table", "json"};
    const std::string style = TRY(choice(parsed, "format", styles));
    const std::string doing = format("listing the processes of container {}", parsed.arguments[0]);
    const Store store = TRY(Store::look(invocation.globals.root));
    const std::vector<pid_t> pids = TRY(container_processes(store, parsed.arguments[0]).in(doing));
    auto first = parsed.arguments.begin() + 1;
    if (first != parsed.arguments.end() && *first == "--") ++first;
    const std::vector<std::string> options(first, parsed.arguments.end());
    TRY(print(style == "json" ? as_json(pids) : TRY(as_table(pids, options).in(doing))));
    return 0;
}

}  // namespace sampan
