// A container as `state` and `list` show it.
#pragma once

#include <string>
#include <vector>

#include "container/container.h"

namespace sampan {

struct StateOutput {
    std::string oci_version;
    std::string id;
    int32_t pid = 0;  // 0 once it has stopped, as clients expect
    ContainerStatus status{};
    std::string bundle;
    std::string rootfs;
    std::string created;
    std::map<std::string, std::string> annotations;
    std::string owner;  // "" for `state`
    bool operator==(const StateOutput&) const = default;
};

StateOutput show(const Container& container);

}  // namespace sampan
