#include "cli/command.h"
#include "cli/output.h"
#include "cli/state_output.h"
#include "spec/writer.h"

namespace sampan {

Result<int> run_state(Invocation& invocation) {
    const Store store = TRY(Store::look(invocation.globals.root));
    const Container container = TRY(find_container(store, invocation.parsed.arguments[0]));
    TRY(print(write_json(show(container), JsonStyle::indented) + "\n"));
    return 0;
}

}  // namespace sampan
