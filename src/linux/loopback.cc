#include "linux/loopback.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "base/text.h"
#include "os/fd.h"

namespace sampan {

Status bring_loopback_up() {
    // Any socket reaches the devices of its network namespace; a Unix socket needs no protocol
    // module.
    const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.valid()) return fail_errno("making a socket");
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", sizeof "lo");
    request.ifr_flags = IFF_UP;
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) < 0)
        return fail_errno("setting the loopback device up");
    return {};
}

std::string describe(const BringLoopbackUp&) {
    return "set the loopback device up";
}

Status apply(const BringLoopbackUp&, Context&) {
    return bring_loopback_up();
}

}  // namespace sampan
