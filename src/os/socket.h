// Unix sockets: pairs, messages with descriptors, sockets in a folder named by its descriptor.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

struct SocketPair {
    Fd ours;
    Fd theirs;
};
// SOCK_SEQPACKET: a message arrives whole or not at all, and the end is seen.
Result<SocketPair> make_seqpacket_pair();

// One message with at most one descriptor (-1: none). Never raises SIGPIPE.
Status send_message(int socket, std::span<const std::byte> data, int fd = -1);
// The same, where there is room for it: EAGAIN otherwise.
Status try_to_send(int socket, std::span<const std::byte> data);

// All of `data` through a stream socket, with `fd` at its first byte. Never raises SIGPIPE.
Status send_stream(int socket, std::span<const std::byte> data, int fd);

// One datagram into `buffer`, as far as it has room; descriptors that came with it are closed. Does
// not wait.
Result<size_t> receive_bytes(int socket, std::span<std::byte> buffer);

struct Received {
    size_t size = 0;  // 0: the other side is closed
    Fd fd;
};
// One message into `buffer`. Surplus descriptors and a message that does not fit are errors.
Result<Received> receive_message(int socket, std::span<std::byte> buffer);

// A socket bound as `name` in the folder `dir`. The path has no length limit this way: it is named
// through /proc/self/fd. SOCK_CLOEXEC.
Result<Fd> listen_in(int dir, const std::string& name, int type, mode_t mode);
// The same for a datagram socket, which only has to be bound.
Result<Fd> bind_in(int dir, const std::string& name, int type, mode_t mode);
Result<Fd> connect_in(int dir, const std::string& name, int type);
// A stream socket connected to the socket at `path`, however long the path.
Result<Fd> connect_stream(const std::string& path);
// An error when no socket is bound at `path` that connect_stream() could reach. Its owner does not
// learn of it: no connection is made.
Status check_stream(const std::string& path);
// A datagram socket; a name that begins with @ is an abstract one.
Result<Fd> connect_datagram(const std::string& name);

}  // namespace sampan
