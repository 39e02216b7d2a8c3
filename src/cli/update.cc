#include "container/update.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/resource_options.h"
#include "spec/resources_file.h"
#include "spec/spec.h"

namespace sampan {

namespace {

// --resources; nothing if it was not given.
Result<ResourcesFile> read_file_option(const Parsed& parsed) {
    if (!parsed.has("resources")) return ResourcesFile{};
    GivenText given = TRY(read_given_text(parsed.text("resources")));
    return read_resources(std::move(given.text), given.name);
}

// An error about a value says who asked for the value: an option, or the file.
Error locate(Error error, const ResourcesFile& file, const Parsed& parsed) {
    const std::string_view option = resource_option_at(parsed, error.pointer());
    if (!option.empty()) return std::move(error.add_context(format("--{}", option)));
    if (file.text.empty()) return error;
    return locate_in_part(std::move(error), resources_pointer, file.path, file.text);
}

Status update(const Store& store, const Parsed& parsed, const UpdateRequest& request) {
    TRY(check_together(request.resources));
    return update_container(store, parsed.arguments[0], request);
}

}  // namespace

Result<int> run_update(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string doing = format("updating container {}", parsed.arguments[0]);
    const ResourcesFile file = TRY(read_file_option(parsed).in(doing));
    invocation.reporter.config_path = file.path;
    invocation.reporter.config_text = file.text;
    invocation.reporter.warnings(file.warnings);
    UpdateRequest request{.resources = file.resources,
                          .zero_pids_is_meant = parsed.has("pids-limit"),
                          .rdt_lines = TRY(read_rdt_lines(parsed).in(doing))};
    TRY(apply_resource_options(parsed, request.resources).in(doing));
    const Store store = TRY(Store::look(invocation.globals.root));
    Status updated = update(store, parsed, request);
    if (updated) return 0;
    // Pointers into config.json mean nothing for this file.
    invocation.reporter.config_text.clear();
    Error error = locate(std::move(updated).error(), file, parsed);
    return Failure(std::move(error)).in(doing);
}

}  // namespace sampan
