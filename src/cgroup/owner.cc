#include "cgroup/owner.h"

#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "cgroup/files.h"
#include "os/file.h"

namespace sampan {

namespace {

std::string trusted(std::string_view name) {
    return format("trusted.{}", name);
}

std::string untrusted(std::string_view name) {
    return format("user.{}", name);
}

// Without the right to set a trusted attribute, reading one always says that it does not exist. So
// the right is tested by a change: removing an attribute of a name that nobody uses.
bool is_without_trust(const std::string& directory) {
    return ::lremovexattr(directory.c_str(), "trusted.sampan.none") != 0 && errno == EPERM;
}

std::optional<std::string> read_attribute(const std::string& directory, const std::string& name) {
    std::array<char, 4096> buffer;  // an ID has a kilobyte at most, and so has the origin
    const ssize_t size = ::lgetxattr(directory.c_str(), name.c_str(), buffer.data(), buffer.size());
    if (size < 0) return std::nullopt;
    return std::string(buffer.data(), static_cast<size_t>(size));
}

bool write_attribute(const std::string& directory,
                     const std::string& name,
                     const std::string& value) {
    return ::lsetxattr(directory.c_str(), name.c_str(), value.data(), value.size(), 0) == 0;
}

void note_on(const std::string& directory, std::string_view name, const std::string& value) {
    if (!write_attribute(directory, trusted(name), value))
        (void)write_attribute(directory, untrusted(name), value);
}

// Only root can set it; nothing without root's rights.
std::optional<std::string> read_trusted_note(const std::string& directory, std::string_view name) {
    return read_attribute(directory, trusted(name));
}

std::optional<std::string> read_note(const std::string& directory, std::string_view name) {
    std::optional<std::string> note = read_trusted_note(directory, name);
    if (note || !is_without_trust(directory)) return note;
    return read_attribute(directory, untrusted(name));
}

void remove_note(const std::string& directory, std::string_view name) {
    (void)::lremovexattr(directory.c_str(), trusted(name).c_str());
    (void)::lremovexattr(directory.c_str(), untrusted(name).c_str());
}

constexpr const char* mark_name = "sampan";
constexpr const char* owner_name = "sampan.owner";
constexpr std::string_view made_word = "made ";
constexpr std::string_view found_word = "found ";

std::optional<CgroupOwner> parse_owner(const std::optional<std::string>& note) {
    if (!note) return std::nullopt;
    const size_t line = std::min(note->find('\n'), note->size());
    for (const std::string_view word : {made_word, found_word})
        if (note->starts_with(word) && line >= word.size())
            return CgroupOwner{note->substr(word.size(), line - word.size()), word == made_word,
                               note->substr(std::min(line + 1, note->size()))};
    return std::nullopt;
}

// False if somebody has mounted something on it: then it is still ours, and in the way.
bool shows_cgroup(const std::string& directory) {
    struct statfs facts {};
    return ::statfs(directory.c_str(), &facts) == 0 && is_of_cgroups(facts);
}

}  // namespace

void mark_as_ours(const std::string& directory) {
    note_on(directory, mark_name, "1");
}

bool is_marked_as_ours(const std::string& directory) {
    return read_note(directory, mark_name).has_value();
}

void write_owner(const std::string& directory, const CgroupOwner& owner) {
    if (owner.container.empty()) return;
    constexpr size_t longest_origin = 1000;
    std::string note(owner.made ? made_word : found_word);
    note += owner.container;
    if (!owner.origin.empty()) note += "\n" + owner.origin.substr(0, longest_origin);
    note_on(directory, owner_name, note);
}

std::optional<CgroupOwner> read_owner(const std::string& directory) {
    return parse_owner(read_note(directory, owner_name));
}

void remove_owner(const std::string& directory, const std::string& container) {
    const std::optional<CgroupOwner> owner = read_owner(directory);
    if (owner && owner->container == container) remove_note(directory, owner_name);
}

uint64_t inode_of(const CgroupPlace& place) {
    const Result<std::optional<struct stat>> facts = stat_at(cwd, directory_of(place));
    return facts && *facts ? (**facts).st_ino : 0;
}

bool is_anothers(const CgroupPlace& place, const CgroupRecord& record) {
    const std::string directory = directory_of(place);
    if (place.inode != 0) {
        const uint64_t now = inode_of(place);
        if (now != place.inode) return now != 0 && shows_cgroup(directory);
        if (place.made > 0) return false;
    }
    if (record.owner.empty()) return false;
    // Until the inode is recorded nothing of the container has run, so the note is still ours.
    const std::optional<CgroupOwner> owner =
        place.inode == 0 ? read_owner(directory)
                         : parse_owner(read_trusted_note(directory, owner_name));
    return owner && owner->container != record.owner;
}

bool is_lost(const CgroupRecord& record) {
    const CgroupPlace* place = listing_place(record);
    return place != nullptr && is_anothers(*place, record);
}

Status check_not_lost(const CgroupRecord& record) {
    if (!is_lost(record)) return {};
    return fail(format("the cgroup {} is that of another container by now",
                       directory_of(*listing_place(record))))
        .hint("the container was moved out of it, and the other one made it anew");
}

}  // namespace sampan
