// What later commands must know about a container's cgroups: part of its record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/object_type.h"

namespace sampan {

struct CgroupPlace {
    std::vector<std::string> controllers;
    bool unified = false;     // cgroup v2
    std::string mount_point;  // "/sys/fs/cgroup/memory"
    std::string path;         // below the mount point: "/pods/web"
    // How many directories at the end of `path` we have made: 1 if /pods existed before. They are
    // removed with the container; so are those above them that the creates of other containers have
    // made (owner.h).
    uint32_t made = 0;
    // Of the last directory, once it exists; 0: not known. The kernel never uses one twice. The
    // device is not compared: it differs if the hierarchy is mounted in another cgroup namespace.
    uint64_t inode = 0;
    bool operator==(const CgroupPlace&) const = default;
};

// "/sys/fs/cgroup/memory/pods/web"
std::string directory_of(const CgroupPlace& place);
bool has_controller(const CgroupPlace& place, std::string_view controller);

// The unit of systemd to which the cgroup belongs.
struct UnitRecord {
    std::string name;
    // Tells the container's unit from another one of the same name.
    std::string description;
    bool user = false;  // of the systemd of a user
    bool operator==(const UnitRecord&) const = default;
};

struct CgroupRecord {
    std::vector<CgroupPlace> places;
    std::optional<UnitRecord> unit;
    std::string owner;  // the container, distinct from all others (cgroup/owner.h)
    bool operator==(const CgroupRecord&) const = default;
};

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<CgroupPlace>();
template <>
const ObjectType& object_type<UnitRecord>();
template <>
const ObjectType& object_type<CgroupRecord>();
}  // namespace sampan::spec
