#include "container/pause.h"

#include "base/text.h"
#include "cli/command.h"

namespace sampan {

Result<int> run_pause(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const Store store = TRY(Store::look(invocation.globals.root));
    TRY(pause_container(store, name).in(format("pausing container {}", name)));
    return 0;
}

}  // namespace sampan
