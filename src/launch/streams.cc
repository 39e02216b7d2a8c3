#include "launch/streams.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "linux/id_map.h"
#include "os/file.h"

namespace sampan {

namespace {

struct Owner {
    uid_t uid;
    gid_t gid;
};

Status give(int fd, Owner owner) {
    if (::fchown(fd, owner.uid, owner.gid) == 0) return {};
    if (errno == EPERM || errno == EROFS || errno == EINVAL || errno == EACCES) return {};
    return fail_errno("giving descriptor {} to user {}:{}", fd, owner.uid, owner.gid);
}

// The ids as we see them.
Result<Owner> owner_of(const ProcessPlan& process, int proc, pid_t pid) {
    const Owner owner{process.credentials.uid, process.credentials.gid};
    if (!process.own_user_namespace) return owner;
    const IdMaps maps = TRY(read_id_maps(proc, format("{}", pid)));
    return Owner{host_id(maps.uids, owner.uid).value_or(owner.uid),
                 host_id(maps.gids, owner.gid).value_or(owner.gid)};
}

bool is_null(const struct stat& facts) {
    return S_ISCHR(facts.st_mode) && facts.st_rdev == makedev(1, 3);
}

// Opened only once it is known to be the null device: to open another one may have an effect.
Fd open_own_null(int proc) {
    const Result<Fd> found = open_at(cwd, "/dev/null", O_PATH | O_NOFOLLOW);
    if (!found) return Fd();
    const Result<struct stat> facts = stat_of(found->get());
    if (!facts || !is_null(*facts)) return Fd();
    Result<Fd> null = open_at(proc, format("self/fd/{}", found->get()), O_RDWR);
    return null ? std::move(*null) : Fd();
}

}  // namespace

void use_own_null(int proc) {
    Fd null;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        struct stat facts {};
        if (::fstat(fd, &facts) < 0 || !is_null(facts)) continue;
        if (!null.valid()) null = open_own_null(proc);
        if (!null.valid()) return;
        (void)::dup2(null.get(), fd);
    }
}

Status give_pipes(const ProcessPlan& process, int proc, pid_t pid) {
    if (process.credentials.uid == 0 && !process.own_user_namespace) return {};
    std::optional<Owner> owner;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        struct stat info {};
        if (::fstat(fd, &info) < 0 || !S_ISFIFO(info.st_mode)) continue;
        if (!owner) owner = TRY(owner_of(process, proc, pid));
        if (info.st_uid != owner->uid || info.st_gid != owner->gid) TRY(give(fd, *owner));
    }
    return {};
}

}  // namespace sampan
