// What is done to cgroups for a container that is being made, as steps (plan/step.h): a CgroupPlan
// in the order in which Cgroup (cgroup/create.h) carries it out.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cgroup/plan.h"

namespace sampan {

// Started by systemd; a helper keeps the unit alive until init is in it.
struct StartUnit {
    std::string name;
    std::string slice;
    bool user = false;
    std::vector<std::string> properties;  // for people
    bool operator==(const StartUnit&) const = default;
};

// Moves us into a cgroup below our own, out of the way of the container's controllers: only if no
// other process is in ours.
struct StepAside {
    size_t directory = 0;
    std::string place;  // into which
    bool operator==(const StepAside&) const = default;
};
// The steps for one directory. `directory` is the index in CgroupPlan::directories, `place` is for
// people.
struct MakeCgroup {
    size_t directory = 0;
    std::string place;
    bool required = true;
    bool operator==(const MakeCgroup&) const = default;
};
struct CheckMemoryInUse {
    size_t directory = 0;
    std::string place;
    bool operator==(const CheckMemoryInUse&) const = default;
};
// Writes to one file, which is opened once for all of them.
struct LimitCgroup {
    size_t directory = 0;
    std::string place;
    std::vector<CgroupWrite> writes;
    std::string origin;
    bool operator==(const LimitCgroup&) const = default;
};
struct DelegateCgroup {
    size_t directory = 0;
    std::string place;
    uid_t owner = 0;
    bool operator==(const DelegateCgroup&) const = default;
};
struct AttachDeviceProgram {
    size_t directory = 0;
    std::string place;
    size_t rules = 0;
    std::string origin;
    bool operator==(const AttachDeviceProgram&) const = default;
};
// A cgroup below the container's, to which init will move.
struct MakeInnerCgroup {
    size_t directory = 0;
    std::string place;
    bool operator==(const MakeInnerCgroup&) const = default;
};
// It gets all controllers, and its owner, once init has moved there: a cgroup that has processes
// gives no controllers.
struct DelegateInnerCgroup {
    size_t directory = 0;
    std::string place;
    std::optional<uid_t> owner;
    bool operator==(const DelegateInnerCgroup&) const = default;
};
// Init moves to where only systemd can move it, and the helper leaves.
struct LeaveUnit {
    std::string name;
    bool operator==(const LeaveUnit&) const = default;
};
// Tells systemd what it could not be told when the unit was started.
struct TellUnit {
    std::string name;
    bool operator==(const TellUnit&) const = default;
};

using CgroupStep = std::variant<StartUnit,
                                StepAside,
                                MakeCgroup,
                                CheckMemoryInUse,
                                LimitCgroup,
                                DelegateCgroup,
                                MakeInnerCgroup,
                                DelegateInnerCgroup,
                                AttachDeviceProgram,
                                LeaveUnit,
                                TellUnit>;

std::string describe(const StartUnit& step);
std::string describe(const StepAside& step);
std::string describe(const MakeCgroup& step);
std::string describe(const CheckMemoryInUse& step);
std::string describe(const LimitCgroup& step);
std::string describe(const DelegateCgroup& step);
std::string describe(const MakeInnerCgroup& step);
std::string describe(const DelegateInnerCgroup& step);
std::string describe(const AttachDeviceProgram& step);
std::string describe(const LeaveUnit& step);
std::string describe(const TellUnit& step);

// Pure. First the directories are made. They are limited before init is in them, so that limits
// count from its first page. Devices come once init has made its mounts, because the mount of a
// block device needs that device.
std::vector<CgroupStep> steps_to_make(const CgroupPlan& plan);
std::vector<CgroupStep> steps_to_limit(const CgroupPlan& plan);
std::vector<CgroupStep> steps_for_devices(const CgroupPlan& plan);

}  // namespace sampan
