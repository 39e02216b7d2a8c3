#include "os/namespaces.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

Status join_namespace(int fd, int type) {
    if (::setns(fd, type) < 0) return fail_errno("joining the namespace");
    return {};
}

Status leave_namespaces(int types) {
    if (::unshare(types) < 0) return fail_errno("unshare");
    return {};
}

Result<uint64_t> our_pid_namespace() {
    const Result<std::string> self = read_link(cwd, "/proc/self");
    if (!self && self.error().code() != ENOENT) return Failure(self.error());
    if (!self || parse_number<pid_t>(*self) != ::getpid()) {
        return fail(self ? "/proc shows the processes of another pid namespace"
                         : "there is no /proc that shows our processes")
            .hint("mount -t proc proc /proc");
    }
    const std::optional<struct stat> ours = TRY(stat_at(cwd, "/proc/self/ns/pid"));
    return ours ? ours->st_ino : 0;
}

Result<int64_t> boot_offset_ticks() {
    const Result<std::string> text = read_file(cwd, "/proc/self/timens_offsets");
    if (!text && text.error().code() == ENOENT) return 0;
    if (!text) return Failure(text.error());
    constexpr int64_t ticks_per_second = 100;  // USER_HZ, whatever the kernel's own clock does
    constexpr int64_t tick_ns = 1'000'000'000 / ticks_per_second;
    for (const std::string_view line : split(*text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        if (words.size() != 3 || words[0] != "boottime") continue;
        const auto seconds = parse_number<int64_t>(words[1]);
        const auto nanoseconds = parse_number<int64_t>(words[2]);
        if (seconds && nanoseconds) return *seconds * ticks_per_second + *nanoseconds / tick_ns;
    }
    return failf("/proc/self/timens_offsets is not as expected");
}

Result<MountNamespace> mount_namespace_of(int fd) {
    // NS_GET_MNTNS_ID of ioctl_nsfs(2), which many headers do not have yet.
    constexpr unsigned long get_id = _IOR(0xb7, 0x5, uint64_t);
    MountNamespace found{.inode = TRY(stat_of(fd)).st_ino};
    // Without it, the inode number must suffice.
    if (::ioctl(fd, get_id, &found.id) < 0) found.id = 0;
    return found;
}

}  // namespace sampan
