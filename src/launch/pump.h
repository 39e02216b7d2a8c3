// Bytes on their way between a terminal and the caller's streams.
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sampan {

// Moves bytes in one direction. Never blocks: a program that does not read its input must not keep
// us from showing its output.
class Pump {
  public:
    enum class WhenUnread { stop, discard };
    Pump(int from, int to, WhenUnread unread) : from_(from), to_(to), unread_(unread) {}

    [[nodiscard]] pollfd wish() const {
        if (size_ > 0) return {to_, POLLOUT, 0};
        return {open_ ? from_ : -1, POLLIN, 0};
    }
    // Moves what can be moved now; false at the end of the source.
    bool move();
    [[nodiscard]] bool open() const { return open_; }
    // Something was taken that has not been passed on completely.
    [[nodiscard]] bool is_full() const { return size_ > 0; }
    [[nodiscard]] uint64_t taken_bytes() const { return taken_; }
    // What was taken last, if nothing of it has been passed on yet.
    [[nodiscard]] std::string_view taken() const {
        return {buffer_.data(), start_ == 0 ? size_ : 0};
    }
    void stop() { open_ = false; }

  private:
    bool push();

    int from_;
    int to_;
    WhenUnread unread_;
    bool open_ = true;
    uint64_t taken_ = 0;
    bool gone_ = false;  // nobody reads at the other end any more
    std::array<char, 8192> buffer_{};
    size_t start_ = 0;
    size_t size_ = 0;
};

}  // namespace sampan
