#include "linux/copy_up.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

// Deep enough for any image, and far below what the stack of init allows.
constexpr int max_depth = 64;

Status take_over(int fd, const struct stat& facts, const std::string& name) {
    // The owner first: a change of it takes set-user-ID bits away.
    if (::fchown(fd, facts.st_uid, facts.st_gid) < 0 || ::fchmod(fd, facts.st_mode & 07777) < 0)
        return fail_errno("copying owner and mode of {}", name);
    return {};
}

Status copy_file(int from, int to, const std::string& name, const struct stat& facts) {
    const Fd source = TRY(open_at(from, name, O_RDONLY | O_NOFOLLOW));
    const Fd copy = TRY(open_at(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    constexpr size_t piece = 1 << 20;
    ssize_t moved = 0;
    do {
        moved = ::sendfile(copy.get(), source.get(), nullptr, piece);
    } while (moved > 0 || (moved < 0 && errno == EINTR));
    if (moved < 0) return fail_errno("copying {}", name);
    return take_over(copy.get(), facts, name);
}

// A link, node, fifo or socket.
Status copy_special(int from, int to, const std::string& name, const struct stat& facts) {
    const bool is_link = S_ISLNK(facts.st_mode);
    if (is_link) {
        const Result<std::string> target = read_link(from, name);
        if (!target) return std::unexpected(target.error());
        if (::symlinkat(target->c_str(), to, name.c_str()) < 0)
            return fail_errno("copying the link {}", name);
    } else if (::mknodat(to, name.c_str(), facts.st_mode, facts.st_rdev) < 0) {
        return fail_errno("copying {}", name);
    }
    if (::fchownat(to, name.c_str(), facts.st_uid, facts.st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
        (!is_link && ::fchmodat(to, name.c_str(), facts.st_mode & 07777, 0) < 0))
        return fail_errno("copying owner and mode of {}", name);
    return {};
}

Status copy_folder(int from, int to, int depth);

Status copy_entry(int from, int to, const std::string& name, int depth) {
    const auto facts = TRY(stat_at(from, name, AT_SYMLINK_NOFOLLOW));
    if (!facts) return {};
    if (S_ISREG(facts->st_mode)) return copy_file(from, to, name, *facts);
    if (!S_ISDIR(facts->st_mode)) return copy_special(from, to, name, *facts);
    if (depth == max_depth) return failf("{}: more than {} folders deep", name, max_depth);
    TRY(make_directory(to, name, 0700));
    const Fd source = TRY(open_at(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    const Fd copy = TRY(open_at(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    return copy_folder(source.get(), copy.get(), depth + 1).in(name);
}

Status copy_content(int from, int to, int depth) {
    for (const std::string& name : TRY(list_directory(from, ".")))
        TRY(copy_entry(from, to, name, depth));
    return {};
}

Status copy_folder(int from, int to, int depth) {
    TRY(copy_content(from, to, depth));
    return take_over(to, TRY(stat_of(from)), ".");
}

}  // namespace

Status copy_up(int from, int to, const KeptFacts& kept) {
    const Fd source = TRY(open_at(from, ".", O_RDONLY | O_DIRECTORY));
    const Fd copy = TRY(open_at(to, ".", O_RDONLY | O_DIRECTORY));
    TRY(copy_content(source.get(), copy.get(), 0).in("tmpcopyup"));
    struct stat facts = TRY(stat_of(source.get()));
    const struct stat own = TRY(stat_of(copy.get()));
    if (kept.uid) facts.st_uid = own.st_uid;
    if (kept.gid) facts.st_gid = own.st_gid;
    if (kept.mode) facts.st_mode = own.st_mode;
    return take_over(copy.get(), facts, ".").in("tmpcopyup");
}

}  // namespace sampan
