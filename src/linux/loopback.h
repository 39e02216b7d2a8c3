// The loopback device of a new network namespace.
#pragma once

#include <string>

#include "base/result.h"
#include "linux/context.h"

namespace sampan {

// Sets `lo` of this process's network namespace up; the kernel gives it its addresses. In a new
// network namespace it is down, but programs that talk to themselves expect it up (runc and crun
// set it up too). Needs CAP_NET_ADMIN in the user namespace that owns the network namespace.
Status bring_loopback_up();

struct BringLoopbackUp {
    std::string origin;
    bool operator==(const BringLoopbackUp&) const = default;
};
std::string describe(const BringLoopbackUp& step);
Status apply(const BringLoopbackUp& step, Context& context);

}  // namespace sampan
