#include "mounts/copy_up.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// Deep enough for any image, and far below what the stack of init allows.
constexpr int max_copied_depth = 64;

Status take_over(int fd, const struct stat& facts, const std::string& name) {
    // The owner first, because changing it removes set-user-ID bits.
    if (::fchown(fd, facts.st_uid, facts.st_gid) < 0 || ::fchmod(fd, facts.st_mode & 07777) < 0)
        return fail_errno("copying owner and mode of {}", name);
    return {};
}

// Between two folders. What is examined is held by a descriptor, because the name may mean
// something else by the time it is opened.
class Copier {
  public:
    explicit Copier(int proc) : proc_(proc) {}

    Status copy_content(int from, int to, int depth);

  private:
    Status copy_entry(int from, int to, const std::string& name, int depth);
    Status copy_file(int source, int to, const std::string& name, const struct stat& facts);
    Status copy_special(int source, int to, const std::string& name, const struct stat& facts);
    Status copy_folder(int source, int to, const std::string& name, int depth);

    int proc_;
};

Status Copier::copy_file(int source, int to, const std::string& name, const struct stat& facts) {
    const Fd content = TRY(reopen_regular(proc_, source).in(name));
    const Fd copy = TRY(open_at(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    constexpr size_t piece = 1 << 20;
    ssize_t moved = 0;
    do {
        moved = ::sendfile(copy.get(), content.get(), nullptr, piece);
    } while (moved > 0 || (moved < 0 && errno == EINTR));
    if (moved < 0) return fail_errno("copying {}", name);
    return take_over(copy.get(), facts, name);
}

// A link, node, fifo or socket.
Status Copier::copy_special(int source, int to, const std::string& name, const struct stat& facts) {
    const bool is_link = S_ISLNK(facts.st_mode);
    if (is_link) {
        const std::string target = TRY(read_link(source, "").in(name));
        if (::symlinkat(target.c_str(), to, name.c_str()) < 0)
            return fail_errno("copying the link {}", name);
    } else if (::mknodat(to, name.c_str(), facts.st_mode, facts.st_rdev) < 0) {
        return fail_errno("copying {}", name);
    }
    if (::fchownat(to, name.c_str(), facts.st_uid, facts.st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
        (!is_link && ::fchmodat(to, name.c_str(), facts.st_mode & 07777, 0) < 0))
        return fail_errno("copying owner and mode of {}", name);
    return {};
}

Status Copier::copy_folder(int source, int to, const std::string& name, int depth) {
    if (depth == max_copied_depth)
        return failf("{}: more than {} folders deep", name, max_copied_depth);
    const Fd content = TRY(open_at(source, ".", O_RDONLY | O_DIRECTORY));
    TRY(make_directory(to, name, 0700));
    const Fd copy = TRY(open_at(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    TRY(copy_content(content.get(), copy.get(), depth + 1));
    return take_over(copy.get(), TRY(stat_of(content.get())), ".");
}

Status Copier::copy_entry(int from, int to, const std::string& name, int depth) {
    Result<Fd> opened = open_at(from, name, O_PATH | O_NOFOLLOW);
    if (!opened && opened.error().code() == ENOENT) return {};
    const Fd source = TRY(std::move(opened));
    const struct stat facts = TRY(stat_of(source.get()));
    if (S_ISREG(facts.st_mode)) return copy_file(source.get(), to, name, facts);
    if (!S_ISDIR(facts.st_mode)) return copy_special(source.get(), to, name, facts);
    return copy_folder(source.get(), to, name, depth).in(name);
}

Status Copier::copy_content(int from, int to, int depth) {
    for (const std::string& name : TRY(list_directory(from, ".")))
        TRY(copy_entry(from, to, name, depth));
    return {};
}

}  // namespace

Status copy_up(int proc, int from, int to, const KeptFacts& kept) {
    const Fd source = TRY(open_at(from, ".", O_RDONLY | O_DIRECTORY));
    const Fd copy = TRY(open_at(to, ".", O_RDONLY | O_DIRECTORY));
    TRY(Copier(proc).copy_content(source.get(), copy.get(), 0).in("tmpcopyup"));
    struct stat facts = TRY(stat_of(source.get()));
    const struct stat own = TRY(stat_of(copy.get()));
    if (kept.uid) facts.st_uid = own.st_uid;
    if (kept.gid) facts.st_gid = own.st_gid;
    if (kept.mode) facts.st_mode = own.st_mode;
    return take_over(copy.get(), facts, ".").in("tmpcopyup");
}

}  // namespace sampan
