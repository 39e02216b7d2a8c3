#include "container/mounts.h"

#include <utility>

#include "base/text.h"
#include "cli/command.h"
#include "spec/mounts_file.h"
#include "spec/spec.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

constexpr std::string_view verbs[] = {"add", "remove"};

Result<bool> is_adding(const Parsed& parsed) {
    const std::string& verb = parsed.arguments[0];
    if (verb == verbs[0]) return true;
    if (verb == verbs[1]) return false;
    return failf(ErrorKind::usage, "mounts: \"{}\" is neither add nor remove", verb)
        .hint(did_you_mean(verb, verbs));
}

// The file has the array alone, so that its places are shorter than those of config.json.
Error locate_mount(Error error, const MountsFile& file) {
    return locate_in_part(std::move(error), mounts_pointer, file.path, file.text);
}

}  // namespace

Result<int> run_mounts(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string& name = parsed.arguments[1];
    const bool adds = TRY(is_adding(parsed));
    invocation.reporter.container = name;
    const std::string doing = adds ? format("adding mounts to container {}", name)
                                   : format("removing mounts of container {}", name);
    GivenText given = TRY(read_given_text(parsed.arguments[2]).in(doing));
    const MountsFile file = TRY(read_mounts(std::move(given.text), given.name).in(doing));
    invocation.reporter.config_path = file.path;
    invocation.reporter.config_text = file.text;
    invocation.reporter.warnings(file.warnings);
    // Pointers into config.json mean nothing for this file.
    invocation.reporter.config_text.clear();
    const Store store = TRY(Store::look(invocation.globals.root));
    Warnings warnings;
    Status done = adds ? add_mounts(store, name, file.mounts, warnings)
                       : remove_mounts(store, name, file.mounts);
    for (Error& warning : warnings)
        warning = locate_mount(std::move(warning), file);
    invocation.reporter.warnings(warnings);
    if (done) return 0;
    return Failure(locate_mount(std::move(done).error(), file)).in(doing);
}

}  // namespace sampan
