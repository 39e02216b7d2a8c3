// hostile ATTACK [NUMBER]: the program of a container that attacks every process that enters it. It
// looks for new processes in its pid namespace, takes their sockets (pidfd_getfd(2)), and sends
// what the runtime would like to hear. It writes "up" to /fifo when it starts looking, and a line
// to /taken for each socket.
//
//  ready PID     "the program's process is PID"
//  sizes         messages that claim to be longer than they are, and other nonsense
//  listener      "this is the filter's descriptor", with another one
//  hold          nothing: reads what was meant for the process, and never closes the socket
//  unshare TYPES attacks nobody: moves to new namespaces (CLONE_NEW*), and stays there
//
// With "nested" before the attack: from a user namespace of its own, in which it has all
// capabilities.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

// The same as in launch/stub/block.h.
struct Report {
    uint32_t type;
    uint32_t index;
    uint32_t what;
    int32_t code;
    uint32_t end;
    int32_t value;
    uint32_t duration_ms;
    uint32_t output_size;
    char output[2048];
};
constexpr size_t head = offsetof(Report, output);

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(2);
}

void put(const char* path, std::string_view text, int flags = 0) {
    const int fd = ::open(path, O_WRONLY | flags, 0666);
    if (fd < 0 || ::write(fd, text.data(), text.size()) < 0) die(path);
    ::close(fd);
}

void unshare_user() {
    if (::unshare(CLONE_NEWUSER) < 0) die("unshare");
    put("/proc/self/setgroups", "deny");
    put("/proc/self/uid_map", "0 0 1");
    put("/proc/self/gid_map", "0 0 1");
}

void say(int socket, const Report& report, size_t size = head) {
    (void)::send(socket, &report, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void say_ready(int socket, uint32_t pid) {
    say(socket, {.type = 1, .index = pid});
    // Like a message of init, whose head is shorter.
    const std::array<uint32_t, 3> cloned{100, pid, 0};
    (void)::send(socket, cloned.data(), sizeof cloned, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void say_sizes(int socket) {
    for (const uint32_t type : {7U, 6U, 5U, 4U, 0U, 99U, 111U, ~0U})
        for (const uint32_t size : {1U << 20, 2049U, 0x7fffffffU, ~0U})
            say(socket, {.type = type,
                         .index = ~0U,
                         .what = size,
                         .code = -1,
                         .end = size,
                         .value = -1,
                         .output_size = size});
    say(socket, {.type = 7, .code = 2}, 3);
}

void say_listening(int socket) {
    static const Report report{.type = 3};
    const int fd = ::open("/etc/passwd", O_RDONLY);
    if (fd < 0) die("/etc/passwd");
    iovec part{const_cast<Report*>(&report), head};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)]{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    (void)::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(fd);
}

// True if the socket shall stay open.
bool attack(std::string_view how, int socket, uint32_t number) {
    if (how == "ready") say_ready(socket, number);
    if (how == "sizes") say_sizes(socket);
    if (how == "listener") say_listening(socket);
    char byte = 0;
    return how == "hold" && ::recv(socket, &byte, 1, 0) >= 0;
}

void take_sockets(int process, std::string_view how, uint32_t number) {
    constexpr int first = 3;
    constexpr int last = 40;
    for (int fd = first; fd <= last; ++fd) {
        const long got = ::syscall(SYS_pidfd_getfd, process, fd, 0);
        if (got < 0) continue;
        const int socket = static_cast<int>(got);
        int type = 0;
        socklen_t size = sizeof type;
        const bool is_one =
            ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
        const bool stays = is_one && attack(how, socket, number);
        if (is_one) put("/taken", "a socket\n", O_CREAT | O_APPEND);
        if (!stays) ::close(socket);
    }
}

[[noreturn]] void watch(std::string_view how, uint32_t number) {
    constexpr int ahead = 24;
    for (pid_t next = ::getpid() + 1;;) {
        for (pid_t pid = next; pid < next + ahead; ++pid) {
            const long process = ::syscall(SYS_pidfd_open, pid, 0);
            if (process < 0) continue;
            take_sockets(static_cast<int>(process), how, number);
            ::close(static_cast<int>(process));
            next = pid + 1;
            break;
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    int at = 1;
    if (argc > at && std::string_view(argv[at]) == "nested") {
        unshare_user();
        ++at;
    }
    if (argc <= at) return 2;
    const std::string_view how = argv[at];
    const auto number =
        argc > at + 1 ? static_cast<uint32_t>(std::strtoul(argv[at + 1], nullptr, 0)) : 0;
    if (how == "unshare" && ::unshare(static_cast<int>(number)) < 0) die("unshare");
    put("/fifo", "up\n");
    if (how == "unshare")
        while (true)
            ::pause();
    watch(how, number);
}
