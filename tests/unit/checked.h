// What planners are given in tests: nothing that the check of config.json refuses.
#pragma once

#include <string>

#include "spec/config.h"

namespace sampan::testing {

// Written and read again, as create reads it; the test case ends where that is refused. What every
// config.json must have (version, root, a working directory) is added where it is missing.
Spec checked(Spec spec);
spec::Process checked(spec::Process process);
spec::Resources checked(spec::Resources resources);
spec::Seccomp checked(spec::Seccomp seccomp);

// "/hostname: without an own uts namespace this would rename the host": the first problem of what
// is refused; "" where it is not.
std::string refusal_of(Spec spec);
std::string refusal_of(spec::Process process);
std::string refusal_of(spec::Resources resources);
std::string refusal_of(spec::Seccomp seccomp);

}  // namespace sampan::testing
