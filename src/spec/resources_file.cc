#include "spec/resources_file.h"

#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/reader.h"
#include "spec/tables.h"

namespace sampan {

Result<ResourcesFile> read_resources(std::string text, const std::string& path) {
    ResourcesFile file{.resources = {}, .path = path, .text = std::move(text), .warnings = {}};
    file.resources = TRY(read_json<spec::Resources>(file.text, path, file.warnings));
    spec::Findings findings;
    spec::check_resources(file.resources, findings);
    if (findings.problems.empty()) return file;
    for (Problem& problem : findings.problems)
        problem.pointer.erase(0, resources_pointer.size());
    Error error(format("{} is not valid", path));
    error.set_problems(path, std::move(findings.problems), std::move(file.text));
    return std::unexpected(std::move(error));
}

Status check_together(const spec::Resources& resources) {
    spec::Findings findings;
    spec::check_resources(resources, findings);
    if (findings.problems.empty()) return {};
    const Problem& first = findings.problems.front();
    Error error(first.what);
    error.set_pointer(first.pointer);
    error.set_hint(first.hint);
    return std::unexpected(std::move(error));
}

}  // namespace sampan
