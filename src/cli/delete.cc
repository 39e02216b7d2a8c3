#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/watch.h"
#include "container/destroy.h"

namespace sampan {

namespace {

Status tell_warnings(Invocation& invocation, Result<Warnings> deleted, const std::string& name) {
    invocation.reporter.warnings(TRY(std::move(deleted).in(format("deleting container {}", name))));
    return {};
}

Status delete_one(Invocation& invocation, const Store& store, const std::string& name) {
    const Force force = invocation.parsed.has("force") ? Force::yes : Force::no;
    Result<Warnings> deleted = delete_container(store, name, force);
    // Engines clean up after every failure, even if nothing was made.
    if (!deleted && force == Force::yes && deleted.error().kind() == ErrorKind::not_found)
        return {};
    return tell_warnings(invocation, std::move(deleted), name);
}

// All of them are tried. The error is the last one, and the others are reported.
Status delete_each(Invocation& invocation, const Store& store) {
    Status all;
    for (const std::string& name : invocation.parsed.arguments) {
        Status one = delete_one(invocation, store, name);
        if (one) continue;
        if (!all) invocation.reporter.error(all.error());
        all = std::move(one);
    }
    return all;
}

// A container may be deleted by somebody else meanwhile, and another one made with its ID.
Status delete_all_stopped(Invocation& invocation, const Store& store) {
    const Listing listing = TRY(list_containers(store));
    for (const BrokenContainer& broken : listing.broken)
        invocation.reporter.warning(broken.why);
    Status all;
    for (const Container& container : listing.containers) {
        if (container.status != ContainerStatus::stopped) continue;
        const std::string& id = container.record.id;
        Status one = tell_warnings(invocation, delete_stopped(store, container), id);
        if (one) TRY(print(id + "\n"));
        if (one || one.error().kind() == ErrorKind::not_found) continue;
        if (!all) invocation.reporter.error(all.error());
        all = std::move(one);
    }
    return all;
}

}  // namespace

Result<int> run_delete(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const bool stopped = parsed.has("all-stopped");
    if (stopped && !parsed.arguments.empty())
        return fail(ErrorKind::usage, "delete: --all-stopped takes no container")
            .hint("leave out --all-stopped to delete the containers that you name");
    if (!stopped && parsed.arguments.empty())
        return fail(ErrorKind::usage, "delete: too few arguments")
            .hint("usage: sampan delete [options] ID|BUNDLE..., or sampan delete --all-stopped");
    TRY(watch_if_asked(invocation));
    const Store store = TRY(Store::look(invocation.globals.root));
    TRY(stopped ? delete_all_stopped(invocation, store) : delete_each(invocation, store));
    return 0;
}

}  // namespace sampan
