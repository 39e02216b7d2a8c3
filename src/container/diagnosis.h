// What the facts about this machine mean for containers, and what mends it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "container/probes.h"

namespace sampan {

enum class Health {
    ok,
    degraded,  // containers can be run, but some of what they may ask for is not possible
    missing,
};
std::string_view name_of(Health health);

struct Finding {
    std::string name;  // "user namespaces"
    Health health = Health::ok;
    std::string text;
    std::string remedy;      // a command, or what to do; "" if all is well or nothing can be done
    bool essential = false;  // without it this user cannot run any container
};

std::vector<Finding> diagnose(const HostProbes& probes);
// Whether nothing essential is missing.
bool can_run_containers(const std::vector<Finding>& findings);

}  // namespace sampan
