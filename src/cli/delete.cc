#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/selection.h"
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

Status delete_each(Invocation& invocation, const Store& store) {
    Errors errors(invocation.reporter);
    for (const std::string& name : invocation.parsed.arguments)
        if (Status one = delete_one(invocation, store, name); !one)
            errors.add(std::move(one).error());
    return errors.last();
}

// Which ones were deleted is told, because nobody has named them. One that is gone already was
// deleted by somebody else.
Status tell_deleted(Status one, const std::string& id, Errors& errors) {
    if (one) return print(id + "\n");
    if (one.error().kind() != ErrorKind::not_found) errors.add(std::move(one).error());
    return {};
}

// Those that a pattern matches, or all.
Status delete_selected(Invocation& invocation, const Store& store, const Pattern* pattern) {
    const std::vector<std::string> ids = TRY(ids_that_match(store, pattern));
    if (ids.empty() && pattern != nullptr)
        invocation.reporter.warning(nothing_matches(invocation.parsed.arguments[0]));
    Errors errors(invocation.reporter);
    for (const std::string& id : ids)
        TRY(tell_deleted(delete_one(invocation, store, id), id, errors));
    return errors.last();
}

// A container may be deleted by somebody else meanwhile, and another one made with its ID.
Status delete_all_stopped(Invocation& invocation, const Store& store) {
    const Listing listing = TRY(list_containers(store));
    for (const BrokenContainer& broken : listing.broken)
        invocation.reporter.warning(broken.why);
    Errors errors(invocation.reporter);
    for (const Container& container : listing.containers) {
        if (container.status != ContainerStatus::stopped) continue;
        const std::string& id = container.record.id;
        TRY(tell_deleted(tell_warnings(invocation, delete_stopped(store, container), id), id,
                         errors));
    }
    return errors.last();
}

// Which containers are meant is said in one way only.
Status check_choice(const Parsed& parsed) {
    const bool named = !parsed.arguments.empty();
    for (const char* option : {"all-stopped", "all"})
        if (parsed.has(option) && (named || parsed.has("regex")))
            return failf(ErrorKind::usage, "delete: --{} takes no container", option)
                .hint(format("leave out --{} to delete the containers that you name", option));
    if (parsed.has("all") && parsed.has("all-stopped"))
        return fail(ErrorKind::usage, "delete: --all and --all-stopped cannot both be meant");
    if (named || parsed.has("all") || parsed.has("all-stopped")) return {};
    return fail(ErrorKind::usage, "delete: too few arguments")
        .hint("usage: sampan delete [options] ID|BUNDLE..., or sampan delete --all-stopped");
}

}  // namespace

Result<int> run_delete(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    TRY(check_choice(parsed));
    std::optional<Pattern> pattern;
    if (parsed.has("regex")) {
        if (parsed.arguments.size() > 1)
            return fail(ErrorKind::usage, "delete: --regex takes one pattern");
        pattern.emplace(TRY(Pattern::parse(parsed.arguments[0])));
    }
    TRY(watch_if_asked(invocation));
    const Store store = TRY(Store::look(invocation.globals.root));
    if (pattern || parsed.has("all"))
        TRY(delete_selected(invocation, store, pattern ? &*pattern : nullptr));
    else if (parsed.has("all-stopped"))
        TRY(delete_all_stopped(invocation, store));
    else
        TRY(delete_each(invocation, store));
    return 0;
}

}  // namespace sampan
