#include "container/kill.h"

#include "base/text.h"
#include "cli/command.h"
#include "os/signals.h"

namespace sampan {

Result<int> run_kill(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string& name = parsed.arguments[0];
    const std::string word = parsed.arguments.size() > 1 ? parsed.arguments[1] : "TERM";
    const std::optional<int> signal = parse_signal(word);
    if (!signal) return failf(ErrorKind::usage, "there is no signal \"{}\"", word);
    const Store store = TRY(Store::look(invocation.globals.root));
    Warnings warnings;
    const Status sent =
        kill_container(store, name, *signal, parsed.has("all") ? Whom::all : Whom::init, warnings);
    invocation.reporter.warnings(warnings);
    TRY(Status(sent).in(format("signalling container {}", name)));
    return 0;
}

}  // namespace sampan
