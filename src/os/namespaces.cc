#include "os/namespaces.h"

#include <sched.h>

#include "base/text.h"

namespace sampan {

Status join_namespace(int fd, int type) {
    if (::setns(fd, type) < 0) return fail_errno("joining the namespace");
    return {};
}

Status leave_namespaces(int types) {
    if (::unshare(types) < 0) return fail_errno("unshare");
    return {};
}

}  // namespace sampan
