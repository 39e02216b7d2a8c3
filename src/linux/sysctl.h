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

// The present value, in the namespaces in which we are; `proc` is a checked procfs.
Result<std::string> read_sysctl(int proc, const std::string& path);
std::string describe(const WriteSysctl& step);
Status apply(const WriteSysctl& step, Context& context);

}  // namespace sampan
