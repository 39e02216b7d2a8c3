#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "container/container.h"

namespace sampan {

Result<int> run_logs(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    if (!invocation.parsed.has("hooks"))
        return fail(ErrorKind::usage, "logs: only the output of hooks is kept")
            .hint(
                format("sampan logs --hooks {}; the program's output went to the standard streams "
                       "of create or run, or to its terminal",
                       name));
    const Store store = TRY(Store::look(invocation.globals.root));
    const std::string doing = format("the logs of container {}", name);
    const Folder folder = TRY(find_folder(store, name).in(doing));
    TRY(print(TRY(folder.read_hook_log().in(doing))));
    return 0;
}

}  // namespace sampan
