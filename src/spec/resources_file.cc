#include "spec/resources_file.h"

#include "spec/check_parts.h"
#include "spec/json.h"
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
    return invalid_file(path, file.text, std::move(findings.problems));
}

Status check_together(const spec::Resources& resources) {
    spec::Findings findings;
    spec::check_resources(resources, findings);
    return findings.first_error();
}

}  // namespace sampan
