// Makes room for more descriptors at once than our limit (RLIMIT_NOFILE) allows.
#pragma once

#include <sys/resource.h>

#include <cstddef>
#include <optional>

#include "base/result.h"

namespace sampan {

class DescriptorRoom {
  public:
    // Raises our soft limit RLIMIT_NOFILE to `wanted`, or to the hard limit if that is less. Does
    // nothing if there is enough room already.
    Status make(size_t wanted);
    // Restores the limit, for the programs that we execute. What is open stays open.
    Status give_back();

  private:
    std::optional<rlimit64> before_;
};

}  // namespace sampan
