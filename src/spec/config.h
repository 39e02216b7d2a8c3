// config.json as structs: what is asked for (config.md), version 1.3 for Linux.
//
// A member has the JSON name in snake_case, followed by "_" if that is a C++ word. Absence is
// expressed like this:
//
//   std::optional      absent or null; an optional string that is "" counts as absent,
//                      as it does for the engines, so a present one is never empty
//   vector, map        empty is the same as absent (seccomp's flags are the one exception)
//   plain bool         false is the same as absent
//   other plain        required, or the comment says what absent means
//
// Sections of other platforms (windows, solaris, vm, zos, freebsd) are not kept.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/hooks.h"
#include "spec/linux.h"
#include "spec/mount.h"
#include "spec/process.h"

namespace sampan::spec {

struct Root {
    std::string path;  // relative to the bundle, or absolute
    bool readonly = false;
    bool operator==(const Root&) const = default;
};

struct Config {
    std::string oci_version;
    std::optional<Root> root;
    std::vector<Mount> mounts;
    std::optional<Process> process;
    std::optional<std::string> hostname;
    std::optional<std::string> domainname;
    Hooks hooks;
    std::map<std::string, std::string> annotations;
    // `linux` in JSON; with GNU extensions this name is a macro.
    std::optional<Linux> linux_;
    bool operator==(const Config&) const = default;
};

}  // namespace sampan::spec

namespace sampan {
using Spec = spec::Config;
}
