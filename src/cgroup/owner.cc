#include "cgroup/owner.h"

#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace sampan {

namespace {

// Root's first: a container cannot set it in a cgroup that is its own to write to.
constexpr std::array owner_attributes{"trusted.sampan.owner", "user.sampan.owner"};
constexpr std::string_view made_word = "made ";
constexpr std::string_view found_word = "found ";

}  // namespace

void write_owner(const std::string& directory, const CgroupOwner& owner) {
    if (owner.container.empty()) return;
    const std::string value = std::string(owner.made ? made_word : found_word) + owner.container;
    (void)std::ranges::any_of(owner_attributes, [&](const char* name) {
        return ::lsetxattr(directory.c_str(), name, value.data(), value.size(), 0) == 0;
    });
}

std::optional<CgroupOwner> read_owner(const std::string& directory) {
    std::array<char, 2048> buffer;  // an ID has a kilobyte at most
    for (const char* const name : owner_attributes) {
        const ssize_t size = ::lgetxattr(directory.c_str(), name, buffer.data(), buffer.size());
        if (size < 0) continue;
        const std::string_view value(buffer.data(), static_cast<size_t>(size));
        for (const std::string_view word : {made_word, found_word})
            if (value.starts_with(word))
                return CgroupOwner{std::string(value.substr(word.size())), word == made_word};
    }
    return std::nullopt;
}

void remove_owner(const std::string& directory, const std::string& container) {
    const std::optional<CgroupOwner> owner = read_owner(directory);
    if (!owner || owner->container != container) return;
    for (const char* const name : owner_attributes)
        (void)::lremovexattr(directory.c_str(), name);
}

bool is_anothers(const std::string& directory, const CgroupRecord& record) {
    if (record.owner.empty()) return false;
    const std::optional<CgroupOwner> owner = read_owner(directory);
    return owner && owner->container != record.owner;
}

}  // namespace sampan
