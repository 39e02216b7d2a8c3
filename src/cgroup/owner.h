// Whose a container's own cgroup is: an extended attribute of it. A container that has stopped
// leaves its cgroup empty until it is deleted, and another one with the same cgroupsPath may take
// it over meanwhile. Then it is no longer the first one's to kill in, or to remove.
#pragma once

#include <optional>
#include <string>

#include "cgroup/record.h"

namespace sampan {

struct CgroupOwner {
    std::string container;  // CgroupRecord::owner
    bool made = false;      // by us: it goes with the container
};

// Where no attribute can be set it has no owner: then it counts as everybody's who records it.
void write_owner(const std::string& directory, const CgroupOwner& owner);
std::optional<CgroupOwner> read_owner(const std::string& directory);
// Of what stays when the container goes.
void remove_owner(const std::string& directory, const std::string& container);

// Another container has taken it over since.
bool is_anothers(const std::string& directory, const CgroupRecord& record);

}  // namespace sampan
