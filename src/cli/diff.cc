#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "container/differences.h"
#include "spec/locate.h"

namespace sampan {

namespace {

std::string differences_as_text(const std::vector<Difference>& differences) {
    std::string text;
    for (const Difference& one : differences)
        text += format("{}: config {}, kernel {}\n", escape_text(one.pointer),
                       escape_text(one.config), escape_text(one.kernel));
    return text;
}

// The values are JSON already.
std::string differences_as_json(const std::vector<Difference>& differences) {
    std::vector<std::string> objects;
    for (const Difference& one : differences) {
        JsonWriter pointer(JsonStyle::compact);
        pointer.string(one.pointer);
        objects.push_back(format(R"({{"pointer":{},"config":{},"kernel":{}}})",
                                 std::move(pointer).take(), one.config, one.kernel));
    }
    return "[" + join(objects, ",\n ") + "]\n";
}

}  // namespace

Result<int> run_diff(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const std::string doing = format("comparing container {} with its config.json", name);
    const Store store = TRY(Store::look(invocation.globals.root));
    const Container container = TRY(find_container(store, name).in(doing));
    const Spec config = TRY(read_kept_config(container.folder).in(doing));
    const Observed observed = TRY(observe(container, config).in(doing));
    const std::vector<Difference> differences = find_differences(config, observed, container);
    TRY(print(invocation.parsed.has("json") ? differences_as_json(differences)
                                            : differences_as_text(differences)));
    return differences.empty() ? 0 : 1;
}

}  // namespace sampan
