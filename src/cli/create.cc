#include "container/create.h"

#include "base/text.h"
#include "cli/bundle.h"
#include "cli/command.h"
#include "launch/terminal.h"

namespace sampan {

Result<int> run_create(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    const std::string socket = parsed.text("console-socket");
    TRY(check_console_socket(bundle.plan.process.terminal, socket));
    const CreateOptions options{
        .on_console = [&socket](Fd master) { return send_terminal(socket, std::move(master)); },
    };
    const Store store = TRY(store_to_create_in(invocation));
    Warnings warnings;
    Result<Created> created = create_container(store, bundle.file, bundle.plan, options, warnings);
    invocation.reporter.warnings(warnings);
    // When we end, init becomes a child of the nearest subreaper.
    TRY(std::move(created).in(format("creating container {}", bundle.plan.id))).init.release();
    return 0;
}

}  // namespace sampan
