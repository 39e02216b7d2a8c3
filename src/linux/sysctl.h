// Kernel parameters of the container's namespaces (config-linux.md#sysctl).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

struct WriteSysctl {
    std::string origin;
    std::string path;  // below /proc/sys: "net/ipv4/ip_forward"
    std::string value;
    bool operator==(const WriteSysctl&) const = default;
};

// That the container has the namespaces that own them has been checked (spec/check.h).
Result<std::vector<WriteSysctl>> plan_sysctl(const Spec& spec);

std::string describe(const WriteSysctl& step);
Status apply(const WriteSysctl& step, Context& context);

}  // namespace sampan
