#include <poll.h>
#include <unistd.h>

#include <map>

#include "base/text.h"
#include "cli/command.h"
#include "cli/interval.h"
#include "cli/output.h"
#include "cli/stats_table.h"

namespace sampan {

namespace {

// The containers of a table, and what they had used when it was made last.
class Stats {
  public:
    Stats(const Store& store, const Parsed& parsed) : store_(store), names_(parsed.arguments) {}

    // Those that were named, or else all that run. One that has ended is left out; it is an error
    // if one that is named does not run at the beginning.
    Result<std::vector<StatsRow>> look(bool first);

  private:
    struct Before {
        uint64_t cpu_ns = 0;
        std::chrono::steady_clock::time_point time;
    };
    Result<std::vector<Container>> containers(bool first);
    StatsRow make_row(const Container& container, ContainerUsage usage);

    const Store& store_;
    const std::vector<std::string>& names_;
    std::map<std::string, Before> before_;
};

Result<std::vector<Container>> Stats::containers(bool first) {
    if (names_.empty()) return std::move(TRY(list_containers(store_)).containers);
    std::vector<Container> named;
    for (const std::string& name : names_) {
        Result<Container> found = find_container(store_, name);
        if (!found && !first && found.error().kind() == ErrorKind::not_found) continue;
        named.push_back(TRY(std::move(found)));
    }
    return named;
}

StatsRow Stats::make_row(const Container& container, ContainerUsage usage) {
    const auto now = std::chrono::steady_clock::now();
    StatsRow row{.id = container.record.id, .usage = std::move(usage)};
    const Before present{row.usage.cgroup.cpu.total_ns, now};
    const auto [at, is_new] = before_.try_emplace(row.id, present);
    if (!is_new) {
        row.cpu_before_ns = at->second.cpu_ns;
        row.since = now - at->second.time;
        at->second = present;
    }
    return row;
}

Result<std::vector<StatsRow>> Stats::look(bool first) {
    std::vector<StatsRow> rows;
    for (const Container& container : TRY(containers(first))) {
        Result<ContainerUsage> usage = container_usage(container);
        if (usage)
            rows.push_back(make_row(container, std::move(*usage)));
        else if (first && !names_.empty())
            return Failure(std::move(usage).error()).in(container.record.id);
    }
    return rows;
}

Status show_table(const std::vector<StatsRow>& rows, bool renewed) {
    std::string text = renewed ? "\x1b[H" : "";
    for (const std::string& line : stats_table(rows))
        text += line + (renewed ? "\x1b[K\n" : "\n");
    return print(renewed ? text + "\x1b[J" : text);
}

void pause(int ms) {
    (void)::poll(nullptr, 0, ms);
}

}  // namespace

Result<int> run_stats(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    constexpr int usual_ms = 1000;
    constexpr int moment_ms = 200;
    const int interval_ms = TRY(read_interval_ms(parsed, usual_ms));
    const bool once = parsed.has("once") || ::isatty(STDOUT_FILENO) == 0;
    const Store store = TRY(Store::look(invocation.globals.root));
    Stats stats(store, parsed);
    std::vector<StatsRow> rows = TRY(stats.look(/*first=*/true));
    // CPU time is known as a share only after a while.
    pause(std::min(moment_ms, interval_ms));
    rows = TRY(stats.look(false));
    if (once) {
        TRY(show_table(rows, false));
        return 0;
    }
    TRY(print("\x1b[2J"));
    while (parsed.arguments.empty() || !rows.empty()) {
        TRY(show_table(rows, true));
        pause(interval_ms);
        rows = TRY(stats.look(false));
    }
    return 0;
}

}  // namespace sampan
