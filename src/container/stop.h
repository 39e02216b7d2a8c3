// `stop`: asks a container to end, and kills it if it does not.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "container/kill.h"
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
    explicit Stopping(Container container) : container_(std::move(container)) {}
    Status await_end(const Store& store, std::chrono::steady_clock::time_point deadline) const;
    // Only the container that was asked: another one may be made with its ID while we wait.
    Status kill_same(const Store& store, Whom whom) const;

    Container container_;
    Fd init_;  // none if it has ended already
};

}  // namespace sampan
