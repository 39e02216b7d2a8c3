#include "cgroup/owner.h"

#include <string_view>

#include "cgroup/attribute.h"
#include "cgroup/files.h"
#include "cgroup/walk.h"
#include "os/file.h"

namespace sampan {

namespace {

constexpr const char* owner_name = "sampan.owner";
constexpr std::string_view made_word = "made ";
constexpr std::string_view found_word = "found ";

std::optional<CgroupOwner> parse_owner(const std::optional<std::string>& note) {
    if (!note) return std::nullopt;
    for (const std::string_view word : {made_word, found_word})
        if (note->starts_with(word))
            return CgroupOwner{note->substr(word.size()), word == made_word};
    return std::nullopt;
}

// False where somebody has mounted something on it: then it is ours still, and in the way.
bool shows_cgroup(const std::string& directory) {
    struct statfs facts {};
    return ::statfs(directory.c_str(), &facts) == 0 && is_of_cgroups(facts);
}

}  // namespace

void write_owner(const std::string& directory, const CgroupOwner& owner) {
    if (owner.container.empty()) return;
    note_on(directory, owner_name,
            std::string(owner.made ? made_word : found_word) + owner.container);
}

std::optional<CgroupOwner> read_owner(const std::string& directory) {
    return parse_owner(read_note(directory, owner_name));
}

void remove_owner(const std::string& directory, const std::string& container) {
    const std::optional<CgroupOwner> owner = read_owner(directory);
    if (owner && owner->container == container) remove_note(directory, owner_name);
}

std::uint64_t inode_of(const CgroupPlace& place) {
    const Result<std::optional<struct stat>> facts = stat_at(cwd, directory_of(place));
    return facts && *facts ? (**facts).st_ino : 0;
}

bool is_anothers(const CgroupPlace& place, const CgroupRecord& record) {
    const std::string directory = directory_of(place);
    if (place.inode != 0) {
        const std::uint64_t now = inode_of(place);
        if (now != place.inode) return now != 0 && shows_cgroup(directory);
        if (place.made > 0) return false;
    }
    if (record.owner.empty()) return false;
    // Before the inode is recorded nothing of the container has run: the note is still ours.
    const std::optional<CgroupOwner> owner =
        place.inode == 0 ? read_owner(directory)
                         : parse_owner(read_trusted_note(directory, owner_name));
    return owner && owner->container != record.owner;
}

}  // namespace sampan
