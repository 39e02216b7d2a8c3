#include "launch/streams.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "linux/id_map.h"

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

}  // namespace

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
