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

Status give(int fd, uid_t uid) {
    if (::fchown(fd, uid, static_cast<gid_t>(-1)) == 0) return {};
    if (errno == EPERM || errno == EROFS || errno == EINVAL || errno == EACCES) return {};
    return fail_errno("giving descriptor {} to user {}", fd, uid);
}

// The user id as we see it.
Result<uid_t> user_of(const ProcessPlan& process, int proc, pid_t pid) {
    const uid_t uid = process.credentials.uid;
    if (!process.own_user_namespace) return uid;
    return host_id(TRY(read_id_maps(proc, format("{}", pid))).uids, uid).value_or(uid);
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
    std::optional<uid_t> uid;
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        struct stat info {};
        if (::fstat(fd, &info) < 0 || !S_ISFIFO(info.st_mode)) continue;
        if (!uid) uid = TRY(user_of(process, proc, pid));
        if (info.st_uid != *uid) TRY(give(fd, *uid));
    }
    return {};
}

}  // namespace sampan
