// Entries of a text in the form of /etc/passwd or /etc/group (passwd(5), group(5)). We read it
// ourselves, because NSS would load shared libraries, which a static program must not do.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sampan {

struct PasswdEntry {
    std::string_view name;
    uint32_t uid = 0;
    uint32_t gid = 0;       // 0 if the line ends before it, or has no number there
    std::string_view home;  // empty if the line ends before it
};

// The entries, as views of `text`. Comments, and lines whose user has no number, are left out.
std::vector<PasswdEntry> parse_passwd(std::string_view text);

struct GroupEntry {
    std::string_view name;
    uint32_t gid = 0;
    std::vector<std::string_view> members;  // names of users
};

// The same for groups.
std::vector<GroupEntry> parse_group(std::string_view text);

}  // namespace sampan
