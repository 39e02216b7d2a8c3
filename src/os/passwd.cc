#include "os/passwd.h"

#include "base/text.h"

namespace sampan {

std::vector<PasswdEntry> parse_passwd(std::string_view text) {
    std::vector<PasswdEntry> entries;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with('#')) continue;
        // name:password:uid:gid:comment:home:shell
        const std::vector<std::string_view> fields = split(line, ':');
        if (fields.size() < 3) continue;
        const std::optional<uint32_t> uid = parse_number<uint32_t>(fields[2]);
        if (!uid) continue;
        const std::optional<uint32_t> gid =
            fields.size() > 3 ? parse_number<uint32_t>(fields[3]) : std::nullopt;
        entries.push_back({fields[0], *uid, gid.value_or(0), fields.size() > 5 ? fields[5] : ""});
    }
    return entries;
}

std::vector<GroupEntry> parse_group(std::string_view text) {
    std::vector<GroupEntry> entries;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with('#')) continue;
        // name:password:gid:member,member
        const std::vector<std::string_view> fields = split(line, ':');
        if (fields.size() < 3) continue;
        const std::optional<uint32_t> gid = parse_number<uint32_t>(fields[2]);
        if (!gid) continue;
        std::vector<std::string_view> members;
        if (fields.size() > 3) members = split(trim(fields[3]), ',');
        entries.push_back({fields[0], *gid, std::move(members)});
    }
    return entries;
}

}  // namespace sampan
