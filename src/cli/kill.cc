#include "container/kill.h"

#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/selection.h"
#include "os/signals.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

Failure no_signal(const Parsed& parsed, const std::string& word) {
    std::vector<std::string_view> names = signal_names();
    const std::string_view name = std::string_view(word).substr(word.starts_with("SIG") ? 3 : 0);
    const bool turned = !parsed.arguments.empty() && parse_signal(parsed.arguments[0]);
    return failf(ErrorKind::usage, "there is no signal \"{}\"", word)
        .hint(turned ? format("the container stands first: sampan kill {} {}", word,
                              parsed.arguments[0])
                     : did_you_mean(name, names));
}

Result<int> asked_signal(const Parsed& parsed) {
    const bool is_argument = parsed.arguments.size() > 1;
    if (is_argument && parsed.has("signal"))
        return failf(ErrorKind::usage, "two signals are given: {} and {}", parsed.text("signal"),
                     parsed.arguments[1])
            .hint("kill takes one container and one signal");
    std::string word = is_argument ? parsed.arguments[1] : parsed.text("signal");
    if (word.empty()) word = "TERM";
    const std::optional<int> signal = parse_signal(word);
    if (!signal) return no_signal(parsed, word);
    return *signal;
}

Status kill_one(Invocation& invocation, const Container& container, int signal) {
    // For people: engines send signals often, and take what is said for a failure.
    if (::isatty(STDERR_FILENO) != 0)
        if (const std::optional<Error> lost = warn_if_lost(container, signal))
            invocation.reporter.warning(*lost);
    return kill_container(container, signal, invocation.parsed.has("all") ? Whom::all : Whom::init);
}

// All of them get it. The error is the last one, and the others are reported.
Status kill_matching(Invocation& invocation, const Store& store, int signal) {
    const std::string& text = invocation.parsed.arguments[0];
    const Pattern pattern = TRY(Pattern::parse(text));
    Errors errors(invocation.reporter);
    bool found = false;
    const auto failed = [&errors](Error error, const std::string& id) {
        errors.add(std::move(error.add_context(format("signalling container {}", id))));
    };
    Listing listing = TRY(list_containers(store));
    for (const Container& container : listing.containers) {
        const std::string& id = container.record.id;
        if (!pattern.matches(id)) continue;
        found = true;
        Status one = kill_one(invocation, container, signal);
        if (!one) failed(std::move(one).error(), id);
    }
    for (BrokenContainer& broken : listing.broken) {
        if (!pattern.matches(broken.id)) continue;
        found = true;
        failed(std::move(broken.why), broken.id);
    }
    if (!found) invocation.reporter.warning(nothing_matches(text));
    return errors.last();
}

}  // namespace

std::vector<std::string> spell_out_signals(std::vector<std::string> words) {
    for (std::string& word : words) {
        if (word == "--") break;
        if (word.starts_with('-') && parse_signal(word.substr(1)))
            word = "--signal=" + word.substr(1);
    }
    return words;
}

Result<int> run_kill(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string& name = parsed.arguments[0];
    const int signal = TRY(asked_signal(parsed));
    const Store store = TRY(Store::look(invocation.globals.root));
    if (parsed.has("regex")) {
        TRY(kill_matching(invocation, store, signal));
        return 0;
    }
    const std::string doing = format("signalling container {}", name);
    const Container container = TRY(find_container(store, name).in(doing));
    TRY(kill_one(invocation, container, signal).in(doing));
    return 0;
}

}  // namespace sampan
