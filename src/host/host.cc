#include "host/host.h"

#include <linux/capability.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "base/text.h"
#include "host/delegation.h"
#include "os/file.h"

namespace sampan {

namespace {

// Reading a capability that the kernel does not know is an error.
unsigned last_known_capability() {
    unsigned last = CAP_LAST_CAP;
    while (::prctl(PR_CAPBSET_READ, last, 0, 0, 0) < 0 && last > 0)
        --last;
    while (last < 63 && ::prctl(PR_CAPBSET_READ, last + 1, 0, 0, 0) >= 0)
        ++last;
    return last;
}

// The initial user namespace maps every id to itself.
bool maps_everything(std::string_view uid_map) {
    const std::vector<std::string_view> words = split_words(uid_map);
    return words.size() == 3 && words[0] == "0" && words[1] == "0" && words[2] == "4294967295";
}

Result<uint64_t> most_processes() {
    rlimit64 limit{};
    if (::prlimit64(0, RLIMIT_NPROC, nullptr, &limit) < 0)
        return fail_errno("reading the limit RLIMIT_NPROC");
    return limit.rlim_max;
}

bool has_apparmor() {
    const Result<std::string> enabled =
        read_file(cwd, "/sys/module/apparmor/parameters/enabled", 16);
    return enabled && enabled->starts_with('Y');
}

bool has_selinux() {
    struct statfs info {};
    return ::statfs("/sys/fs/selinux", &info) == 0 && info.f_type == SELINUX_MAGIC;
}

}  // namespace

bool Host::is_privileged() const {
    return euid == 0 && (capabilities & (uint64_t{1} << CAP_SYS_ADMIN)) != 0;
}

// By a system call: to read /proc/self/status takes more time than all other facts together.
Result<uint64_t> effective_capabilities() {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, data) < 0) return fail_errno("reading our capabilities");
    return uint64_t{data[1].effective} << 32 | data[0].effective;
}

Result<bool> in_user_namespace() {
    return !maps_everything(TRY(read_file(cwd, "/proc/self/uid_map")));
}

Result<Host> read_host() {
    Host host;
    host.euid = ::geteuid();
    host.egid = ::getegid();
    host.capabilities = TRY(effective_capabilities());
    host.in_user_namespace = TRY(in_user_namespace());
    host.last_capability = last_known_capability();
    host.most_processes = TRY(most_processes());
    host.apparmor = has_apparmor();
    host.selinux = has_selinux();
    host.cgroups = TRY(read_cgroup_layout());
    host.cgroups.delegated = find_delegated(
        host.cgroups, host.is_privileged() && !host.in_user_namespace ? DelegationNote::trusted
                                                                      : DelegationNote::user);
    return host;
}

}  // namespace sampan
