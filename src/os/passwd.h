// The entries of a text in the form of /etc/passwd (passwd(5)). Read by ourselves: NSS would load
// shared libraries, which a static program must not.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sampan {

struct PasswdEntry {
    std::string_view name;
    uint32_t uid = 0;
    std::string_view home;  // empty where the line ends before it
};

// Views of `text`. Comments, and lines without a number for the user, are no entries.
std::vector<PasswdEntry> parse_passwd(std::string_view text);

}  // namespace sampan
