#include "base/text.h"
#include "cli/command.h"
#include "container/pause.h"

namespace sampan {

Result<int> run_resume(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const Store store = TRY(Store::look(invocation.globals.root));
    TRY(resume_container(store, name).in(format("resuming container {}", name)));
    return 0;
}

}  // namespace sampan
