#include "linux/user_names.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/text.h"
#include "os/file.h"
#include "os/passwd.h"
#include "os/path.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

constexpr size_t most_bytes = 1 << 20;

template <class Entry>
Failure no_such(std::string_view kind,
                std::string_view name,
                std::string_view file,
                const std::vector<Entry>& entries) {
    std::vector<std::string_view> names;
    for (const Entry& entry : entries)
        names.push_back(entry.name);
    const std::string near = did_you_mean(name, names);
    return failf(ErrorKind::usage, "there is no {} \"{}\" in {} of the container", kind, name, file)
        .hint(near.empty() ? "a number needs no entry there" : near);
}

template <class Entry>
const Entry* named(const std::vector<Entry>& entries, std::string_view name) {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &*found;
}

Result<uint32_t> find_group(std::string_view text, const std::vector<GroupEntry>& groups) {
    if (const std::optional<uint32_t> gid = parse_id(text)) return *gid;
    const GroupEntry* entry = named(groups, text);
    if (entry == nullptr) return no_such("group", text, "/etc/group", groups);
    return entry->gid;
}

Result<const PasswdEntry*> entry_of(std::string_view user, const std::vector<PasswdEntry>& users) {
    if (user.empty())
        return fail(ErrorKind::usage, "it takes USER[:GROUP], each a name or a number");
    if (std::ranges::all_of(user, [](char c) { return c >= '0' && c <= '9'; }) && !parse_id(user))
        return failf(ErrorKind::usage, "{} is not the number of a user: they end at 4294967294",
                     user);
    if (const std::optional<uint32_t> uid = parse_id(user)) {
        const auto found = std::ranges::find(users, *uid, &PasswdEntry::uid);
        return found == users.end() ? nullptr : &*found;
    }
    const PasswdEntry* entry = named(users, user);
    if (entry == nullptr) return no_such("user", user, "/etc/passwd", users);
    return entry;
}

}  // namespace

std::optional<uint32_t> parse_id(std::string_view text) {
    const std::optional<uint32_t> id = parse_number<uint32_t>(text);
    return id == std::numeric_limits<uint32_t>::max() ? std::nullopt : id;
}

Result<std::string> read_account_file(int path_fd, int proc) {
    const Fd fd = TRY(reopen_regular(proc, path_fd));
    const auto size = static_cast<size_t>(TRY(stat_of(fd.get())).st_size);
    // In one allocation.
    std::string text(std::min(size, most_bytes), '\0');
    size_t used = 0;
    while (used < text.size()) {
        const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("reading it");
        if (got == 0) break;
        used += static_cast<size_t>(got);
    }
    text.resize(used);
    // Half a line could be read as another id.
    if (size > most_bytes) text.resize(text.rfind('\n') + 1);
    return text;
}

Result<std::string> read_account_file(int root, int proc, const char* path) {
    const Result<Fd> found = open_in_root(root, path, O_PATH);
    if (!found && (found.error().code() == ENOENT || found.error().code() == ENOTDIR)) return "";
    if (!found) return Failure(found.error());
    return read_account_file(found->get(), proc).in(format("/{}", path));
}

Result<AccountFiles> read_account_files(int root, int proc) {
    AccountFiles files;
    files.passwd = TRY(read_account_file(root, proc, "etc/passwd"));
    files.group = TRY(read_account_file(root, proc, "etc/group"));
    return files;
}

Result<FoundUser> find_user(std::string_view text, const AccountFiles& files) {
    const size_t colon = std::min(text.find(':'), text.size());
    const std::string_view user = text.substr(0, colon);
    const std::vector<PasswdEntry> users = parse_passwd(files.passwd);
    const std::vector<GroupEntry> groups = parse_group(files.group);
    const PasswdEntry* entry = TRY(entry_of(user, users));
    FoundUser found{.uid = entry != nullptr ? entry->uid : parse_id(user).value_or(0),
                    .gid = entry != nullptr ? entry->gid : 0,
                    .additional_gids = {}};
    if (colon < text.size()) {
        found.gid = TRY(find_group(text.substr(colon + 1), groups));
        return found;
    }
    if (entry == nullptr) return found;
    for (const GroupEntry& group : groups)
        if (group.gid != found.gid &&
            std::ranges::find(group.members, entry->name) != group.members.end())
            found.additional_gids.push_back(group.gid);
    return found;
}

}  // namespace sampan
