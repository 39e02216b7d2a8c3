#include "cli/foreground.h"

#include "container/destroy.h"
#include "launch/terminal.h"
#include "os/process.h"
#include "os/signals.h"

namespace sampan {

Result<Foreground> prepare_foreground(const Parsed& parsed, bool has_terminal) {
    Foreground foreground{.detach = parsed.has("detach"),
                          .console_socket = parsed.text("console-socket"),
                          .own_terminal = false,
                          .signals = {}};
    foreground.own_terminal =
        has_terminal && !foreground.detach && foreground.console_socket.empty();
    if (!foreground.own_terminal)
        TRY(check_console_socket(has_terminal, foreground.console_socket));
    foreground.signals = TRY(signals_as_fd());
    // In a pid namespace that is not the container's own, processes that outlive their parents
    // become our children, and we reap them.
    if (!foreground.detach && !parsed.has("no-subreaper")) TRY(become_subreaper());
    return foreground;
}

void remove_ended(const Invocation& invocation, const Store& store, const std::string& id) {
    const Result<Warnings> removed = delete_container(store, id, Force::yes);
    if (removed)
        invocation.reporter.warnings(*removed);
    else if (removed.error().kind() != ErrorKind::not_found)
        invocation.reporter.warning(removed.error());
}

}  // namespace sampan
