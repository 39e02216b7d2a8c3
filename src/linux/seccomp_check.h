// What a seccomp filter must let through, so that a program can be started with it.
#pragma once

#include "base/result.h"
#include "linux/credentials.h"
#include "linux/seccomp.h"

namespace sampan {

// Without privilege a filter can only be loaded with no_new_privs. If the container has neither,
// CAP_SYS_ADMIN is kept until the filter is loaded. Pure.
bool lacks_privilege_for_filter(const Credentials& who);

// Checks the calls that must be made after the filter is loaded: a filter that refuses one of them
// would end every start, by a process that can hardly say why. Pure.
Status check_filter(const SeccompFilter& filter, const Credentials& credentials);

}  // namespace sampan
