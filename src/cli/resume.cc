#include "base/text.h"
#include "cli/command.h"
#include "container/container.h"
#include "container/pause.h"

namespace sampan {

Result<int> run_resume(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const Store store = TRY(Store::look(invocation.globals.root));
    const std::string doing = format("resuming container {}", name);
    const Folder folder = TRY(find_folder(store, name).in(doing));
    TRY(resume_container(store, folder).in(doing));
    return 0;
}

}  // namespace sampan
