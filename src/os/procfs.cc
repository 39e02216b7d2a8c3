#include "os/procfs.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include "os/file.h"

namespace sampan {

Result<bool> is_on_proc(int fd) {
    struct statfs facts {};
    if (::fstatfs(fd, &facts) < 0) return fail_errno("looking at the file system");
    return facts.f_type == PROC_SUPER_MAGIC;
}

Result<bool> is_proc_root(int fd) {
    // The inode number of the root of every procfs.
    constexpr ino_t root = 1;
    return TRY(is_on_proc(fd)) && TRY(stat_of(fd)).st_ino == root;
}

Result<Fd> open_proc() {
    Fd proc = TRY(open_at(cwd, "/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW));
    if (!TRY(is_proc_root(proc.get()))) return failf("/proc is not a proc file system");
    return proc;
}

}  // namespace sampan
