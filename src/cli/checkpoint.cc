#include "container/checkpoint.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/criu_options.h"

namespace sampan {

Result<int> run_checkpoint(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string& name = parsed.arguments[0];
    const CheckpointOptions options{.job = TRY(read_criu_job(invocation)),
                                    .pre_dump = parsed.has("pre-dump"),
                                    .parent_path = parsed.text("parent-path")};
    const Store store = TRY(Store::look(invocation.globals.root));
    Warnings warnings;
    Status done = checkpoint_container(store, name, options, warnings);
    invocation.reporter.warnings(warnings);
    TRY(std::move(done).in(format("checkpointing container {}", name)));
    return 0;
}

}  // namespace sampan
