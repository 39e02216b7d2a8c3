#include "os/mountinfo.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

std::string unescape_mountinfo(std::string_view text) {
    std::string plain;
    for (size_t i = 0; i < text.size(); ++i) {
        const std::optional<unsigned char> byte =
            text[i] == '\\' && i + 3 < text.size()
                ? parse_number<unsigned char>(text.substr(i + 1, 3), 8)
                : std::nullopt;
        plain += byte ? static_cast<char>(*byte) : text[i];
        if (byte) i += 3;
    }
    return plain;
}

std::vector<MountedPlace> parse_mountinfo(std::string_view text) {
    std::vector<MountedPlace> places;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> fields = split_words(line);
        const auto dash = std::ranges::find(fields, std::string_view("-"));
        if (fields.size() < 10 || fields.end() - dash < 2) continue;
        const std::optional<uint32_t> id = parse_number<uint32_t>(fields[0]);
        const std::optional<uint32_t> parent = parse_number<uint32_t>(fields[1]);
        if (id && parent)
            places.push_back({*id, *parent, unescape_mountinfo(fields[4]), std::string(dash[1])});
    }
    return places;
}

Result<std::vector<MountedPlace>> read_mountinfo(int proc, const std::string& process) {
    return parse_mountinfo(TRY(read_file(proc, process + "/mountinfo")));
}

}  // namespace sampan
