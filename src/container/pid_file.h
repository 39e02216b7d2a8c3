// --pid-file: the pid of a process, for who started us.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "plan/outside_steps.h"

namespace sampan {

// The file that a create or an exec has written, until it is known that the process stays.
class PidFile {
  public:
    // `step` outlives it.
    Status write(const WritePidFile& step, pid_t pid);
    // For an operation that has failed. Nothing if nothing was written.
    Status remove();

  private:
    const WritePidFile* written_ = nullptr;
};

}  // namespace sampan
