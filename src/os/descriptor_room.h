// More descriptors at once than the limit that we were given lets a process have.
#pragma once

#include <sys/resource.h>

#include <cstddef>
#include <optional>

#include "base/result.h"

namespace sampan {

class DescriptorRoom {
  public:
    // Raises our soft RLIMIT_NOFILE to `wanted`, or to the hard limit where that is less; does
    // nothing where there is room already.
    Status make(size_t wanted);
    // The limit as it was, for whatever we execute. What is open stays open.
    Status give_back();

  private:
    std::optional<rlimit64> before_;
};

}  // namespace sampan
