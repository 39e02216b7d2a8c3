#include "container/gc.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "spec/locate.h"

namespace sampan {

namespace {

std::string tell(const Collected& collected, DryRun dry_run) {
    const char* const verb = dry_run == DryRun::yes ? "would remove" : "removed";
    std::string text;
    for (const Garbage& one : collected.removed) {
        text += format("{} {}: {}\n", verb, one.id, describe(one.why));
        for (const std::string& path : one.cgroups)
            text += format("  and its cgroup {}\n", escape_text(path));
    }
    for (const std::string& id : collected.young)
        text += format(
            "{} stays: it was made less than a minute ago, and create may still be at work\n", id);
    return text.empty() ? "nothing to remove\n" : text;
}

}  // namespace

Result<int> run_gc(Invocation& invocation) {
    const DryRun dry_run = invocation.parsed.has("dry-run") ? DryRun::yes : DryRun::no;
    const Store store = TRY(Store::look(invocation.globals.root));
    const Collected collected =
        TRY(collect_garbage(store, dry_run).in("removing what containers have left"));
    invocation.reporter.warnings(collected.warnings);
    invocation.reporter.warnings(collected.kept);
    for (const Error& failure : collected.failures)
        invocation.reporter.error(failure);
    TRY(print(tell(collected, dry_run)));
    return collected.failures.empty() ? 0 : 1;
}

}  // namespace sampan
