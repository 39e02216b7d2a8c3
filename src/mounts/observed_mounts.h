// The mounts that a container really has, and where they differ from config.json. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "spec/leaves.h"
#include "spec/mount.h"

namespace sampan {

// A line of /proc/PID/mountinfo.
struct ObservedMount {
    std::string root;  // what of the file system is mounted: "/", or "/null" of /dev
    std::string point;
    std::string type;
    std::string source;
    std::vector<std::string> options;         // of this mount: "ro", "nosuid"
    std::vector<std::string> system_options;  // of the whole file system: "size=64k"
    [[nodiscard]] bool has(std::string_view option) const;
};

// In the order of the file: of several mounts at one place, the last one is seen.
std::vector<ObservedMount> parse_observed_mounts(std::string_view mountinfo);
// The one that is seen at this path of the container; null if nothing is mounted exactly there.
const ObservedMount* find_observed(const std::vector<ObservedMount>& mounts, std::string_view path);

// As a mount of config.json, with all options.
spec::Mount as_config_mount(const ObservedMount& mount);

// Paths of the container that exist, and on which nothing is mounted. Links are followed.
using BarePaths = std::set<std::string, std::less<>>;

// Where a mount is gone, as `bare` tells, and where the type, or ro, nosuid, nodev and noexec, are
// not what was asked for. The options of file systems are not compared, because each writes them in
// its own way. A mount whose place has another name here, because a link leads to it, can only be
// found gone.
std::vector<Difference> compare_mounts(const std::vector<spec::Mount>& asked,
                                       const std::vector<ObservedMount>& found,
                                       const BarePaths& bare);

}  // namespace sampan
