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
        if (uid) entries.push_back({fields[0], *uid, fields.size() > 5 ? fields[5] : ""});
    }
    return entries;
}

}  // namespace sampan
