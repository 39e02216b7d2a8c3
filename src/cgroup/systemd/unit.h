// A container's unit of systemd, if systemd makes its cgroup (--systemd-cgroup): pure.
//
// systemd is told every limit that it knows, and all limits are written to the cgroup's files as
// well. The files have all limits, and exactly. systemd, however, writes what it knows again
// whenever it is reloaded, and its defaults for what it was not told. It is not told about devices:
// the container has a BPF program of its own, which systemd leaves alone, so that a device that was
// added later does not vanish at a reload. (In cgroup v1 it has a cgroup of its own for devices,
// below that of the unit.)
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "host/host.h"

namespace sampan {

// Of the type t.
inline constexpr std::string_view unlimited_property = "18446744073709551615";

struct UnitProperty {
    std::string name;    // "MemoryMax"
    std::string type;    // its D-Bus signature: b, i, u, x, t, s, ay or as
    std::string value;   // numbers in decimal; the elements of an array separated by line ends
    std::string origin;  // JSON pointer
    bool operator==(const UnitProperty&) const = default;
};

struct SystemdUnit {
    std::string name;   // "libpod-5f.scope"
    std::string slice;  // "machine.slice"
    bool user = false;  // of the systemd of a user
    // A cgroup below the unit's for the container's processes, "" for none. Then a systemd in the
    // container, which moves itself down, does not meet the outer one (run.oci.systemd.subgroup).
    std::string subgroup;
    // The host has controllers in cgroup v2 only. There a cgroup that gives controllers to others
    // must not have processes, so the helper makes the subgroup and moves into it.
    bool only_v2 = true;
    std::vector<UnitProperty> properties;
    bool operator==(const SystemdUnit&) const = default;
};

// Whether cgroupsPath has systemd's form slice:prefix:name. An absolute path may contain colons
// too, and does not have this form.
bool is_systemd_form(std::string_view cgroups_path);

// The unit prefix-name.scope in the slice. Absent or empty: sampan-ID.scope. An empty slice is
// system.slice, or user.slice in the systemd of a user. Another form, and names that systemd does
// not take, are errors. It has only the properties of annotations.
Result<SystemdUnit> plan_unit(const std::optional<std::string>& cgroups_path,
                              std::string_view container_id,
                              const std::map<std::string, std::string>& annotations,
                              const Host& host);

// Where the unit's cgroup will be: "/machine.slice/libpod-5f.scope", with the subgroup. A slice
// a-b.slice is in a.slice. For the systemd of a user it is a guess: only systemd knows.
std::string path_of(const SystemdUnit& unit, const Host& host);

// The hierarchy whose cgroups are systemd's units: cgroup v2, or name=systemd where v1 has
// controllers. Null if there is none.
const CgroupHierarchy* tree_of_systemd(const CgroupLayout& layout);

// Where the unit's own cgroup ends in the path of a cgroup: of "/machine.slice/x.scope/inner", and
// the unit "x.scope", the index of "/inner". npos if the cgroup is not the unit's.
size_t end_of_unit(std::string_view path, std::string_view unit);

// "MemoryMax=1048576"
std::string describe(const UnitProperty& property);

}  // namespace sampan
