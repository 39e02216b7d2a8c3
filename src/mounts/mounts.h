// The mounts of config.json (config.md#mounts), in their order.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "mounts/bind.h"
#include "mounts/cgroup_mount.h"
#include "mounts/filesystem.h"
#include "spec/config.h"

namespace sampan {

struct Host;

using MountStep = std::variant<MountFilesystem, BindMount, MountCgroup, Remount>;

struct MountPlan {
    std::vector<OpenSource> sources;  // by the supervisor
    std::vector<MountStep> setup;
    std::vector<MakeReadonly> pivot;  // at any time after the devices, console and masks
    std::vector<Problem> warnings;    // options of binds that mean nothing
    bool operator==(const MountPlan&) const = default;
};

// Relative sources of binds start at `bundle`, an absolute path. Errors, with the pointer of the
// mount: mounts without a mount namespace of the container, places in /proc that must not be
// covered, options that contradict each other.
Result<MountPlan> plan_mounts(const Spec& spec, const Host& host, const std::string& bundle);

}  // namespace sampan
