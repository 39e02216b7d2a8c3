// A lock on a folder. It ends with the process that holds it.
#pragma once

#include <optional>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Locks the folder by flock(2) on its descriptor; released on destruction.
class [[nodiscard]] Lock {
  public:
    // Waits until the lock is free.
    static Result<Lock> take(Fd folder);
    // The same, but waits at most that long: ETIMEDOUT.
    static Result<Lock> take_within(Fd folder, int timeout_ms);
    // Like take(), but any number of processes may hold it shared.
    static Result<Lock> take_shared(Fd folder);
    // Nothing if somebody else holds it.
    static Result<std::optional<Lock>> try_take(Fd folder);
    [[nodiscard]] int folder() const { return folder_.get(); }
    // Releases it now, even if a child that was cloned meanwhile has a copy of the descriptor.
    void release();

  private:
    static Result<Lock> wait_for(Fd folder, int kind);
    explicit Lock(Fd folder) : folder_(std::move(folder)) {}
    Fd folder_;
};

}  // namespace sampan
