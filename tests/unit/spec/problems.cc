#include "problems.h"

#include "base/text.h"

namespace sampan::test {

namespace {

Lines lines_of(const std::vector<Problem>& problems, std::string_view text) {
    Lines lines;
    for (const Problem& problem : problems) {
        std::string line = "nowhere";
        if (problem.offset) {
            const Place place = place_at(text, *problem.offset);
            line = format("{}:{}", place.line, place.column);
        }
        line += format(" {}: {}", problem.pointer, problem.what);
        if (!problem.hint.empty()) line += format(" ({})", problem.hint);
        lines.push_back(line);
    }
    return lines;
}

}  // namespace

Lines problems_of(std::string_view text) {
    const auto file = read_spec_text(std::string(text), "config.json");
    if (file) return {};
    return lines_of(file.error().problems(), file.error().text());
}

Lines warnings_of(std::string_view text) {
    const auto file = read_spec_text(std::string(text), "config.json");
    if (!file) return {"refused"};
    return lines_of(file->warnings, file->text);
}

std::string with(std::string_view members) {
    return format("{{\"ociVersion\":\"1.3.0\",\"root\":{{\"path\":\"r\"}},\n{}}}", members);
}

std::string with_process(std::string_view members) {
    return with(format("\"process\":{{\"cwd\":\"/\",\n{}}}", members));
}

std::string with_linux(std::string_view members) {
    return with(format("\"linux\":{{\n{}}}", members));
}

}  // namespace sampan::test
