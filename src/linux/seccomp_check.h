// What a seccomp filter must let through so that a program can be started with it.
#pragma once

#include "base/result.h"
#include "linux/credentials.h"
#include "linux/seccomp.h"

namespace sampan {

// An unprivileged process may not load a filter without no_new_privs: whoever is without both keeps
// CAP_SYS_ADMIN until it is loaded. Pure.
bool lacks_privilege_for_filter(const Credentials& who);

// The calls that must be made once the filter is loaded: one that refuses them would end every
// start with a process that can hardly say why. Pure.
Status check_filter(const SeccompFilter& filter, const Credentials& credentials);

}  // namespace sampan
