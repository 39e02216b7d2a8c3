// A container's unit of systemd, made, changed and ended: by sampan-systemd, a program of our own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "cgroup/systemd/unit.h"
#include "os/tool.h"

namespace sampan {

// A scope that has been started for a container that is not in it yet. Until somebody is, the
// helper is, so that it does not end; when we are killed, the helper leaves and it ends.
class [[nodiscard]] StartedUnit {
  public:
    StartedUnit() = default;

    // The unit's cgroup below the mount point, with the subgroup.
    [[nodiscard]] const std::string& path() const { return path_; }
    // Moves a process into the unit's own cgroup: for a user whom the kernel does not let do it.
    Status attach(pid_t pid);
    // Somebody else is in it. Returns once the helper has ended.
    Status leave();

  private:
    friend Result<StartedUnit> start_unit(const SystemdUnit& unit, const std::string& description);
    RunningTool helper_;
    std::string path_;
};

// An error when there is a unit of this name; the sentences are systemd's.
Result<StartedUnit> start_unit(const SystemdUnit& unit, const std::string& description);

// So that systemd does not write its own idea of the limits when it is reloaded. They hold in the
// cgroup's files on return.
Status set_unit_properties(const UnitRecord& unit, const std::vector<UnitProperty>& properties);

// Moves a further process to the container's others, as StartedUnit::attach() does. `path` is that
// of the container's cgroup, which may be below the unit's.
Status attach_to_unit(const UnitRecord& unit, std::string_view path, pid_t pid);

// Ends the unit with its cgroup, whose processes should be gone. No error when there is none, or
// another one of its name, which is left alone.
Status stop_unit(const UnitRecord& unit);

}  // namespace sampan
