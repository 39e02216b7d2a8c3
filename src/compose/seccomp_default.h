// The filter of a container that brings none: the system calls that Docker allows.
#pragma once

#include <string>
#include <vector>

#include "spec/seccomp.h"

namespace sampan {

// For a program with these capabilities (names such as "CAP_SYS_ADMIN"): some of them open further
// system calls. All others fail with EPERM.
[[nodiscard]] spec::Seccomp default_seccomp(const std::vector<std::string>& capabilities);

}  // namespace sampan
