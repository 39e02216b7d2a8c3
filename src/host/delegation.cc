#include "host/delegation.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace sampan {

namespace {

bool is_delegated(const std::string& directory, DelegationNote note) {
    const char* const name = note == DelegationNote::trusted ? "trusted.delegate" : "user.delegate";
    char value = 0;
    return ::lgetxattr(directory.c_str(), name, &value, 1) == 1 && value == '1';
}

// systemd notes on user@1000.service too that it is delegated, but to that user: with sudo, root's
// container would be in a cgroup whose owner can freeze, move and kill what is there.
bool is_ours(const std::string& directory) {
    struct stat found {};
    return ::lstat(directory.c_str(), &found) == 0 && found.st_uid == ::geteuid();
}

std::optional<std::string> find_in(const CgroupHierarchy& hierarchy, DelegationNote note) {
    // A mount of a part of the tree does not show where a unit ends.
    if (hierarchy.root != "/") return std::nullopt;
    std::string place = hierarchy.own_place().value_or("");
    while (!place.empty()) {
        const std::string directory = hierarchy.mount_point + place;
        if (is_delegated(directory, note))
            return is_ours(directory) ? std::optional(place) : std::nullopt;
        place.resize(place.rfind('/'));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> find_delegated(const CgroupLayout& layout, DelegationNote note) {
    std::optional<std::string> place;
    if (layout.unified) place = find_in(*layout.unified, note);
    if (place) return place;
    const CgroupHierarchy* const named = layout.find("name=systemd");
    return named == nullptr ? std::nullopt : find_in(*named, note);
}

}  // namespace sampan
