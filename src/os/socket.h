// Unix sockets: pairs, messages with descriptors, sockets in a folder that is given by descriptor.
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
// SOCK_SEQPACKET: a message arrives whole or not at all, and the end of the other side is noticed.
Result<SocketPair> make_seqpacket_pair();

// One message with at most one descriptor (-1: none). Never raises SIGPIPE.
Status send_message(int socket, std::span<const std::byte> data, int fd = -1);
// The same, but never waits: EAGAIN if there is no room.
Status try_to_send(int socket, std::span<const std::byte> data);

// Sends all of `data` through a stream socket, and `fd` with its first byte. Never raises SIGPIPE.
Status send_stream(int socket, std::span<const std::byte> data, int fd);

// Receives one datagram into `buffer`, cut to its size. Descriptors that came with it are closed.
// Does not wait.
Result<size_t> receive_bytes(int socket, std::span<std::byte> buffer);

struct Received {
    size_t size = 0;  // 0: the other side is closed
    Fd fd;
};
// Receives one message into `buffer`. More than one descriptor, and a message that does not fit,
// are errors.
Result<Received> receive_message(int socket, std::span<std::byte> buffer);

// A socket that is bound to `name` in the folder `dir`, with SOCK_CLOEXEC. Its path may have any
// length, because it is named through /proc/self/fd.
Result<Fd> listen_in(int dir, const std::string& name, int type, mode_t mode);
// The same for a datagram socket, which does not listen.
Result<Fd> bind_in(int dir, const std::string& name, int type, mode_t mode);
Result<Fd> connect_in(int dir, const std::string& name, int type);
// A stream socket that is connected to the socket at `path`, which may have any length.
Result<Fd> connect_stream(const std::string& path);
// An error if no socket is bound at `path` to which connect_stream() could connect. The owner of
// the socket does not notice, because no connection is made.
Status check_stream(const std::string& path);
// A connected datagram socket; a name that begins with @ is an abstract one.
Result<Fd> connect_datagram(const std::string& name);

}  // namespace sampan
