#include "container/wait.h"

#include "base/text.h"
#include "cli/command.h"

namespace sampan {

Result<int> run_wait(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const Store store = TRY(Store::look(invocation.globals.root));
    return wait_for_container(store, name).in(format("waiting for container {}", name));
}

}  // namespace sampan
