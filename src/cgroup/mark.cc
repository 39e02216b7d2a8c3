#include "cgroup/mark.h"

#include <sys/xattr.h>

#include <algorithm>
#include <array>

namespace sampan {

namespace {

constexpr std::array mark_attributes{"trusted.sampan", "user.sampan"};

}  // namespace

void mark_as_ours(const std::string& directory) {
    (void)std::ranges::any_of(mark_attributes, [&directory](const char* name) {
        return ::lsetxattr(directory.c_str(), name, "1", 1, 0) == 0;
    });
}

bool is_marked_as_ours(const std::string& directory) {
    return std::ranges::any_of(mark_attributes, [&directory](const char* name) {
        return ::lgetxattr(directory.c_str(), name, nullptr, 0) >= 0;
    });
}

}  // namespace sampan
