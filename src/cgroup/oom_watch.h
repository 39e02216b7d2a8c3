// Tells when the kernel kills processes of a container for lack of memory.
#pragma once

#include <poll.h>

#include <cstdint>
#include <string>

#include "base/result.h"
#include "cgroup/record.h"
#include "os/fd.h"

namespace sampan {

class OomWatch {
  public:
    // A container without the memory controller is watched, too: nothing ever happens there.
    static Result<OomWatch> start(const CgroupRecord& record);
    // For poll(2).
    [[nodiscard]] pollfd wish() const;
    // After that: whether something was killed.
    Result<bool> take();

  private:
    std::string directory_;
    bool unified_ = false;
    Fd file_;  // memory.events (v2) or an eventfd(2) (v1)
    uint64_t kills_ = 0;
};

}  // namespace sampan
