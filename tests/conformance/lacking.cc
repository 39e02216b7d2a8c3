// Runs a program as on an older kernel: the named system calls, or flags of them, answer as if they
// did not exist.
//
//   lacking NAME,NAME... COMMAND [ARGUMENT]...
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Lack {
    std::string_view name;
    unsigned call;
    int argument = -1;  // whose number; -1: the call is missing altogether
    unsigned bits = 0;  // of this argument, which are not known
};
constexpr Lack lacks[] = {
    {"close_range", SYS_close_range},
    {"close_range_cloexec", SYS_close_range, 2, CLOSE_RANGE_CLOEXEC},
    {"faccessat2", SYS_faccessat2},
    {"mount_setattr", SYS_mount_setattr},
    {"openat2", SYS_openat2},
    {"pidfd_getfd", SYS_pidfd_getfd},
    {"pidfd_open", SYS_pidfd_open},
};

unsigned offset_of_argument(int number) {
    return static_cast<unsigned>(offsetof(seccomp_data, args)) + 8U * static_cast<unsigned>(number);
}

void add(std::vector<sock_filter>& filter, const Lack& lack) {
    const auto put = [&filter](int code, unsigned value, int yes = 0, int no = 0) {
        filter.push_back(
            {static_cast<__u16>(code), static_cast<__u8>(yes), static_cast<__u8>(no), value});
    };
    put(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    if (lack.argument < 0) {
        put(BPF_JMP | BPF_JEQ | BPF_K, lack.call, 0, 1);
        put(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
        return;
    }
    put(BPF_JMP | BPF_JEQ | BPF_K, lack.call, 0, 3);
    put(BPF_LD | BPF_W | BPF_ABS, offset_of_argument(lack.argument));
    put(BPF_JMP | BPF_JSET | BPF_K, lack.bits, 0, 1);
    put(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL);
}

bool add_named(std::vector<sock_filter>& filter, std::string_view name) {
    for (const Lack& lack : lacks) {
        if (lack.name != name) continue;
        add(filter, lack);
        return true;
    }
    fprintf(stderr, "lacking: what is %.*s?\n", static_cast<int>(name.size()), name.data());
    return false;
}

bool install(std::vector<sock_filter>& filter) {
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    // Without CAP_SYS_ADMIN, the kernel wants it.
    if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) return 2;
    std::vector<sock_filter> filter;
    std::string_view names = words[1];
    while (!names.empty()) {
        const std::string_view name = names.substr(0, names.find(','));
        if (!add_named(filter, name)) return 2;
        names.remove_prefix(name.size() + (name.size() < names.size() ? 1 : 0));
    }
    if (!install(filter)) {
        perror("lacking: seccomp");
        return 2;
    }
    execvp(words[2], words + 2);
    perror(words[2]);
    return 127;
}
