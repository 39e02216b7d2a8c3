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

std::vector<WriteSysctl> plan_sysctl(const Spec& spec);

std::string describe(const WriteSysctl& step);
Status apply(const WriteSysctl& step, Context& context);

}  // namespace sampan
