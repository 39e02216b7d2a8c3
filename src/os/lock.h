// A lock on a folder, gone with its process.
#pragma once

#include <optional>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// flock(2) of the folder's own descriptor; released on destruction.
class [[nodiscard]] Lock {
  public:
    // Waits for its turn.
    static Result<Lock> take(Fd folder);
    // The same, for no longer than that: ETIMEDOUT.
    static Result<Lock> take_within(Fd folder, int timeout_ms);
    // As take(), beside any number of others who take it shared.
    static Result<Lock> take_shared(Fd folder);
    // Nothing when somebody holds it.
    static Result<std::optional<Lock>> try_take(Fd folder);
    [[nodiscard]] int folder() const { return folder_.get(); }
    // Now, also where a child that was cloned meanwhile has a copy of the descriptor.
    void release();

  private:
    static Result<Lock> wait_for(Fd folder, int kind);
    explicit Lock(Fd folder) : folder_(std::move(folder)) {}
    Fd folder_;
};

}  // namespace sampan
