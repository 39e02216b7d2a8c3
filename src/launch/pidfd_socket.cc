#include "launch/pidfd_socket.h"

#include <span>
#include <string_view>

#include "os/fd.h"
#include "os/socket.h"

namespace sampan {

Status send_pidfd(const std::string& path, int pidfd) {
    const Fd socket = TRY(connect_stream(path).in("the receiver of the pidfd"));
    // The readers that are written in Go take what comes for the file's name.
    constexpr std::string_view name = "pidfd";
    Status sent = send_message(socket.get(), std::as_bytes(std::span(name)), pidfd);
    // It is the receiver that hangs up there, not the process that we talk to.
    if (!sent) sent.error().set_kind(ErrorKind::failed);
    return sent;
}

}  // namespace sampan
