#include "launch/console.h"

#include "cli/command.h"

namespace sampan {

Result<int> run_console(Invocation& invocation) {
    return show_console(invocation.parsed.arguments[0]).in("showing a terminal");
}

}  // namespace sampan
