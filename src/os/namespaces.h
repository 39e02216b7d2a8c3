// Namespace system calls and descriptors.
#pragma once

#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Joins the namespace behind `fd`; `type` (CLONE_NEW*) makes another kind of file an error.
Status join_namespace(int fd, int type);
Status leave_namespaces(int types);  // unshare(2)

}  // namespace sampan
