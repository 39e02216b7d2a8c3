#include "base/text.h"
#include "cli/command.h"
#include "container/destroy.h"

namespace sampan {

Result<int> run_delete(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const Force force = invocation.parsed.has("force") ? Force::yes : Force::no;
    const Store store = TRY(Store::look(invocation.globals.root));
    Result<Warnings> deleted = delete_container(store, name, force);
    // Engines clean up after every failure, even if nothing was made.
    if (!deleted && force == Force::yes && deleted.error().kind() == ErrorKind::not_found) return 0;
    invocation.reporter.warnings(TRY(std::move(deleted).in(format("deleting container {}", name))));
    return 0;
}

}  // namespace sampan
