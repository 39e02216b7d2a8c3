#include "os/socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/text.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/path.h"

namespace sampan {

namespace {

Result<sockaddr_un> address_in(int dir, const std::string& name) {
    const std::string path = fd_path(dir) + "/" + name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return failf("the socket name {} is too long", name);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

// One sendmsg(2), with `fd` unless it is negative. Returns how many bytes were taken.
Result<size_t> send_part(int socket, std::span<const std::byte> data, int fd) {
    iovec part{const_cast<std::byte*>(data.data()), data.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    if (fd >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
    }
    ssize_t sent = 0;
    while ((sent = ::sendmsg(socket, &message, MSG_NOSIGNAL)) < 0)
        if (!is_to_be_repeated()) return fail_errno("sending a message");
    return static_cast<size_t>(sent);
}

}  // namespace

Result<SocketPair> make_seqpacket_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail_errno("socketpair");
    return SocketPair{Fd(ends[0]), Fd(ends[1])};
}

Status send_message(int socket, std::span<const std::byte> data, int fd) {
    TRY(send_part(socket, data, fd));
    return {};
}

Status try_to_send(int socket, std::span<const std::byte> data) {
    if (::send(socket, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return fail_errno("sending a message");
    return {};
}

Status send_stream(int socket, std::span<const std::byte> data, int fd) {
    while (!data.empty()) {
        data = data.subspan(TRY(send_part(socket, data, fd)));
        fd = -1;
    }
    return {};
}

Result<size_t> receive_bytes(int socket, std::span<std::byte> buffer) {
    const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0) return fail_errno("receiving a datagram");
    return static_cast<size_t>(size);
}

Result<Received> receive_message(int socket, std::span<std::byte> buffer) {
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
    message.msg_control = control;
    // Without the padding, in which the kernel would find room for a second descriptor.
    message.msg_controllen = CMSG_LEN(sizeof(int));
    ssize_t size = 0;
    while ((size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0)
        if (!is_to_be_repeated()) return fail_errno("receiving a message");
    Received received{static_cast<size_t>(size), Fd()};
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
        received.fd = Fd(fd);
    }
    // If we have no number left for a descriptor, the kernel drops it and says no more than this.
    if ((message.msg_flags & MSG_CTRUNC) != 0 && !received.fd.valid())
        return fail("taking the descriptor that came with a message", EMFILE);
    if ((message.msg_flags & MSG_TRUNC) != 0) return failf("a message was larger than expected");
    if ((message.msg_flags & MSG_CTRUNC) != 0)
        return failf("a message came with more than one descriptor");
    return received;
}

Result<Fd> bind_in(int dir, const std::string& name, int type, mode_t mode) {
    const sockaddr_un address = TRY(address_in(dir, name));
    Fd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    if (!socket.valid()) return fail_errno("making a socket");
    // A socket file gets the mode that the socket has when it is bound, less the umask.
    if (::fchmod(socket.get(), mode) < 0) return fail_errno("fchmod of a socket");
    if (::bind(socket.get(), generic(address), sizeof address) < 0)
        return fail_errno("binding the socket {}", name);
    return socket;
}

Result<Fd> listen_in(int dir, const std::string& name, int type, mode_t mode) {
    Fd socket = TRY(bind_in(dir, name, type, mode));
    if (::listen(socket.get(), 1) < 0) return fail_errno("listening on the socket {}", name);
    return socket;
}

Result<Fd> connect_in(int dir, const std::string& name, int type) {
    const sockaddr_un address = TRY(address_in(dir, name));
    Fd socket(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
    if (!socket.valid()) return fail_errno("making a socket");
    while (::connect(socket.get(), generic(address), sizeof address) < 0)
        if (!is_to_be_repeated()) return fail_errno("connecting to the socket {}", name);
    return socket;
}

namespace {

Result<Fd> connect_to(const std::string& path, int type) {
    const size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Fd dir = TRY(open_at(cwd, folder, O_PATH | O_DIRECTORY));
    return connect_in(dir.get(), path.substr(slash == std::string::npos ? 0 : slash + 1), type)
        .in(path);
}

}  // namespace

Result<Fd> connect_stream(const std::string& path) {
    return connect_to(path, SOCK_STREAM);
}

Status check_stream(const std::string& path) {
    const Result<Fd> connection = connect_to(path, SOCK_DGRAM);
    // The kernel first looks for the socket, and only then at its type.
    if (connection) return failf("{} is a datagram socket", path);
    if (connection.error().code() == EPROTOTYPE) return {};
    return Failure(connection.error());
}

Result<Fd> connect_datagram(const std::string& name) {
    if (!name.starts_with('@')) return connect_to(name, SOCK_DGRAM);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() > sizeof address.sun_path) return failf("the socket name {} is too long", name);
    std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
    Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.valid()) return fail_errno("making a socket");
    const socklen_t size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (::connect(socket.get(), generic(address), size) < 0)
        return fail_errno("connecting to the socket {}", name);
    return socket;
}

}  // namespace sampan
