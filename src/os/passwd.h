// Entries of a text in the form of /etc/passwd (passwd(5)). We read it ourselves, because NSS would
// load shared libraries, which a static program must not do.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sampan {

struct PasswdEntry {
    std::string_view name;
    uint32_t uid = 0;
    std::string_view home;  // empty if the line ends before it
};

// The entries, as views of `text`. Comments, and lines whose user has no number, are left out.
std::vector<PasswdEntry> parse_passwd(std::string_view text);

}  // namespace sampan
