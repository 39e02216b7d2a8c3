#include "container/start.h"

#include "base/text.h"
#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/watch.h"

namespace sampan {

Result<int> run_start(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    TRY(watch_if_asked(invocation));
    const Store store = TRY(Store::look(invocation.globals.root));
    Warnings warnings;
    const Status started =
        start_container(store, name, {.notify_socket = notify_socket()}, warnings);
    invocation.reporter.warnings(warnings);
    TRY(Status(started).in(format("starting container {}", name)));
    return 0;
}

}  // namespace sampan
