// The input of planners in tests: nothing that the check of config.json refuses.
#pragma once

#include <string>

#include "spec/config.h"

namespace sampan::testing {

// Writes it and reads it again, like create; if it is refused, the test case ends. What every
// config.json must have (version, root, working directory) is added if it is missing.
Spec checked(Spec spec);
spec::Process checked(spec::Process process);
spec::Resources checked(spec::Resources resources);
spec::Seccomp checked(spec::Seccomp seccomp);

// "/hostname: without a uts namespace of its own this would rename the host": the first problem of
// what is refused; "" if it is accepted.
std::string refusal_of(Spec spec);
std::string refusal_of(spec::Process process);
std::string refusal_of(spec::Resources resources);
std::string refusal_of(spec::Seccomp seccomp);

}  // namespace sampan::testing
