#include "spec/mounts_file.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/json.h"
#include "spec/reader.h"
#include "spec/tables.h"

namespace sampan {

namespace mounts_file {

// The reader takes objects only, so the array becomes the member of one.
struct Object {
    std::vector<spec::Mount> mounts;
};
constexpr std::string_view before_array = "{\"mounts\":";

std::vector<Problem> in_array(std::vector<Problem> problems, size_t size) {
    for (Problem& problem : problems) {
        if (problem.pointer.starts_with(mounts_pointer))
            problem.pointer.erase(0, mounts_pointer.size());
        if (!problem.offset) continue;
        const size_t offset = *problem.offset;
        problem.offset = std::min(offset - std::min(offset, before_array.size()), size);
    }
    return problems;
}

}  // namespace mounts_file

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<mounts_file::Object>() {
    static constexpr Field table[] = {required<&mounts_file::Object::mounts>("mounts")};
    static constexpr ObjectType type{table};
    return type;
}
}  // namespace sampan::spec

namespace sampan {

Result<MountsFile> read_mounts(std::string text, const std::string& path) {
    MountsFile file{.mounts = {}, .path = path, .text = std::move(text), .warnings = {}};
    if (TRY(JsonDocument::parse(file.text, path)).root().kind() != JsonKind::array)
        return failf(ErrorKind::config, "{} is not a JSON array of mounts", path)
            .hint("[{\"destination\": \"/data\", \"source\": \"/srv\", \"options\": [\"bind\"]}]");
    const std::string object = format("{}{}}}", mounts_file::before_array, file.text);
    Result<mounts_file::Object> read = read_json<mounts_file::Object>(object, path, file.warnings);
    file.warnings = mounts_file::in_array(std::move(file.warnings), file.text.size());
    if (!read)
        return invalid_file(path, file.text,
                            mounts_file::in_array(read.error().problems(), file.text.size()));
    file.mounts = std::move(read->mounts);
    return file;
}

Status check_mounts_alone(const Spec& spec) {
    spec::Findings findings;
    spec::check_mounts(spec, findings);
    return findings.first_error();
}

}  // namespace sampan
