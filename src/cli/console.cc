#include "launch/console.h"

#include "cli/command.h"

namespace sampan {

Result<int> run_console(Invocation& invocation) {
    const auto warn = [&](const Error& error) { invocation.reporter.warning(error); };
    return show_console(invocation.parsed.arguments[0], warn).in("showing a terminal");
}

}  // namespace sampan
