#include "launch/pump.h"

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace sampan {

bool Pump::move() {
    if (size_ > 0) return push();
    const ssize_t got = ::read(from_, buffer_.data(), buffer_.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    // A terminal reports by EIO that nobody has its other side open.
    open_ = got > 0;
    if (!open_) return false;
    taken_ += static_cast<size_t>(got);
    if (gone_) return true;
    size_ = static_cast<size_t>(got);
    start_ = 0;
    return true;  // to be passed on once there is room
}

bool Pump::push() {
    // As much as a writable pipe surely takes: more would block.
    const ssize_t put = ::write(to_, buffer_.data() + start_, std::min<size_t>(size_, PIPE_BUF));
    if (put < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (put < 0) {
        size_ = 0;
        gone_ = true;
        return open_ = open_ && unread_ == WhenUnread::discard;
    }
    start_ += static_cast<size_t>(put);
    size_ -= static_cast<size_t>(put);
    return true;
}

}  // namespace sampan
