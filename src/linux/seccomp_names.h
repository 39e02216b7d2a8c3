// Names of system calls in a seccomp profile that are probably mistyped.
#pragma once

#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "spec/config.h"
#include "spec/seccomp.h"

namespace sampan {

// A warning for each name that libseccomp does not know, but which is near to one that it knows.
// Other unknown names may be those of newer calls: profiles list all that their author knew of.
std::vector<Problem> mistyped_calls(const spec::Seccomp& seccomp);

// An error for the first name that libseccomp does not know, if an annotation asks for it
// (run.oci.seccomp_fail_unknown_syscall).
Status check_known_calls(const Spec& spec);

}  // namespace sampan
