#include "container/stop.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/selection.h"

namespace sampan {

namespace {

using Clock = std::chrono::steady_clock;

Result<std::chrono::seconds> read_patience(const Parsed& parsed) {
    constexpr int usual = 10;
    constexpr int most = 365 * 86400;
    if (!parsed.has("time")) return std::chrono::seconds(usual);
    const std::string text = parsed.text("time");
    const std::optional<int> seconds = parse_number<int>(text);
    if (!seconds || *seconds < 0 || *seconds > most)
        return failf(ErrorKind::usage, "--time takes a number of seconds, not \"{}\"", text);
    return std::chrono::seconds(*seconds);
}

}  // namespace

// All are asked to end before any is waited for.
Result<int> run_stop(Invocation& invocation) {
    const std::chrono::seconds patience = TRY(read_patience(invocation.parsed));
    const Store store = TRY(Store::look(invocation.globals.root));
    Errors errors(invocation.reporter);
    const auto failed = [&errors](Error error, const std::string& name) {
        errors.add(std::move(error.add_context(format("stopping container {}", name))));
    };
    std::vector<std::pair<std::string, Stopping>> asked;
    for (const std::string& name : invocation.parsed.arguments) {
        Warnings warnings;
        Result<Stopping> one = Stopping::begin(store, name, warnings);
        // If nothing is waited for, SIGTERM need not do anything.
        if (patience.count() > 0) invocation.reporter.warnings(warnings);
        if (one)
            asked.emplace_back(name, std::move(*one));
        else
            failed(std::move(one).error(), name);
    }
    const Clock::time_point deadline = Clock::now() + patience;
    for (auto& [name, stopping] : asked)
        if (Status done = stopping.finish(store, deadline); !done)
            failed(std::move(done).error(), name);
    TRY(errors.last());
    return 0;
}

}  // namespace sampan
