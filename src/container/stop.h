// `stop`: asks a container to end, and kills it if it does not.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"
#include "container/store.h"
#include "os/fd.h"

namespace sampan {

class Stopping {
  public:
    // Sends SIGTERM to the first process. A paused container is resumed then, so that it can heed
    // it. A container that is stopped already is no error.
    static Result<Stopping> begin(const Store& store, const std::string& name, Warnings& warnings);
    // Waits for its end; from `deadline` on by SIGKILL. Then all processes of the container have
    // ended.
    Status finish(const Store& store, std::chrono::steady_clock::time_point deadline);

  private:
    explicit Stopping(std::string id) : id_(std::move(id)) {}
    Status await_end(const Store& store, std::chrono::steady_clock::time_point deadline) const;

    std::string id_;
    Fd init_;  // none if it has ended already
};

}  // namespace sampan
