// Owner of a file descriptor.
#pragma once

#include <utility>

namespace sampan {

// Closes on destruction; movable, not copyable; converts to int only by get().
class [[nodiscard]] Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool valid() const { return fd_ >= 0; }
    // Gives up ownership; the caller must close the descriptor.
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    // Closes now. errno is preserved, so that a failure can still be reported.
    void reset();

  private:
    int fd_ = -1;
};

}  // namespace sampan
