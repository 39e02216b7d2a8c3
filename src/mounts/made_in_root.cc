#include "mounts/made_in_root.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "os/path.h"
#include "spec/fields.h"

namespace sampan::spec {

template <>
const Words& words_of<MadeKind>() {
    static constexpr Word table[] = {
        word("folder", MadeKind::folder),
        word("file", MadeKind::file),
        word("link", MadeKind::link),
        word("node", MadeKind::node),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<FileIdentity>() {
    static constexpr Field table[] = {
        required<&FileIdentity::device>("device"),
        required<&FileIdentity::inode>("inode"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<MadeFile>() {
    static constexpr Field table[] = {
        required<&MadeFile::kind>("kind"),
        required<&MadeFile::path>("path"),
        required<&MadeFile::identity>("identity"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<MadeInRoot>() {
    static constexpr Field table[] = {
        required<&MadeInRoot::root>("root"),
        optional<&MadeInRoot::files>("files"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

namespace {

bool is_undone(const MadeFile& file, Undo what) {
    return what == Undo::everything || file.kind == MadeKind::node;
}

FileIdentity identity_of(const struct stat& facts) {
    return {facts.st_dev, facts.st_ino};
}

bool is_of_kind(const struct stat& facts, MadeKind kind) {
    switch (kind) {
        case MadeKind::folder:
            return S_ISDIR(facts.st_mode);
        case MadeKind::file:
            return S_ISREG(facts.st_mode) && facts.st_size == 0 && facts.st_nlink == 1;
        case MadeKind::link:
            return S_ISLNK(facts.st_mode);
        case MadeKind::node:
            return S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode) || S_ISFIFO(facts.st_mode);
    }
    return false;
}

bool is_file(int fd, const FileIdentity& identity) {
    const Result<struct stat> facts = stat_of(fd);
    return facts && identity_of(*facts) == identity;
}

bool leads_elsewhere(int code) {
    return code == ENOENT || code == ENOTDIR || code == ELOOP || code == EXDEV;
}

bool is_filled(int code) {
    return code == ENOTEMPTY || code == EEXIST;
}

Status remove_made(int root, const MadeFile& file) {
    const size_t slash = file.path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : file.path.substr(0, slash + 1);
    const std::string name = file.path.substr(slash + 1);
    const bool known = file.identity != FileIdentity{};
    // If only the name is known, it must not be that of a mount of the host below the root.
    constexpr int flags_of_folder = O_PATH | O_DIRECTORY;
    const Fd parent = TRY(known ? open_in_root(root, folder, flags_of_folder)
                                : open_on_one_mount({root}, folder, flags_of_folder));
    const auto facts = TRY(stat_at(parent.get(), name, AT_SYMLINK_NOFOLLOW));
    if (!facts || !is_of_kind(*facts, file.kind)) return {};
    if (known && identity_of(*facts) != file.identity) return {};
    const int flags = file.kind == MadeKind::folder ? AT_REMOVEDIR : 0;
    if (::unlinkat(parent.get(), name.c_str(), flags) == 0) return {};
    return fail_errno("removing {}, which create has made in the root", file.path);
}

}  // namespace

std::optional<MadeInRoot> foresee_made(const std::string& rootfs) {
    const Result<std::optional<struct stat>> facts = stat_at(cwd, rootfs);
    if (!facts || !*facts) return std::nullopt;
    return MadeInRoot{.root = identity_of(**facts), .files = {}};
}

bool has_to_undo(const MadeInRoot& made, Undo what) {
    return std::ranges::any_of(made.files,
                               [what](const MadeFile& file) { return is_undone(file, what); });
}

std::vector<Error> undo_made(MadeInRoot& made, const std::string& rootfs, Undo what) {
    std::vector<Error> failed;
    const Result<Fd> root = open_at(cwd, rootfs, O_PATH | O_DIRECTORY);
    // Or it was unmounted, removed or replaced meanwhile.
    if (!root || !is_file(root->get(), made.root)) return failed;
    for (size_t i = made.files.size(); i-- > 0;) {
        if (!is_undone(made.files[i], what)) continue;
        Status removed = remove_made(root->get(), made.files[i]);
        if (removed || leads_elsewhere(removed.error().code()))
            made.files.erase(made.files.begin() + static_cast<ptrdiff_t>(i));
        else if (!is_filled(removed.error().code()))
            failed.push_back(std::move(removed).error());
    }
    return failed;
}

}  // namespace sampan
