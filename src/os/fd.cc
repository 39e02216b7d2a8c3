#include "os/fd.h"

#include <unistd.h>

#include <cerrno>

namespace sampan {

void Fd::reset() {
    if (fd_ < 0) return;
    const int saved = errno;
    // Never retried on EINTR: the descriptor is gone either way, and its number may be in use
    // again.
    (void)::close(fd_);
    fd_ = -1;
    errno = saved;
}

}  // namespace sampan
