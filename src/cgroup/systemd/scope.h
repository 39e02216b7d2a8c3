// A container's unit of systemd: made, changed and ended by sampan-systemd, a program of our own.
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

// A scope that was started for a container which is not in it yet. Until then the helper is in it,
// so that it does not end. If we are killed, the helper leaves, and the scope ends.
class [[nodiscard]] StartedUnit {
  public:
    StartedUnit() = default;

    // The unit's own cgroup below the mount point.
    [[nodiscard]] const std::string& path() const { return path_; }
    // Moves the helper to a cgroup of v2 below the unit's own, so that this can give controllers to
    // others. (On a host with v2 alone it goes there itself.)
    Status move_helper(const std::string& directory) const;
    // Moves a process into the unit's own cgroup, for a user whom the kernel does not let do it.
    Status attach(pid_t pid);
    // To be called when another process is in it. Returns once the helper has ended.
    Status leave();

  private:
    friend Result<StartedUnit> start_unit(const SystemdUnit& unit, const std::string& description);
    RunningTool helper_;
    std::string path_;
};

// The program that talks to systemd; an error if it is not installed.
Result<std::string> find_systemd_helper();

// An error if there is a unit of this name. The sentences are systemd's.
Result<StartedUnit> start_unit(const SystemdUnit& unit, const std::string& description);

// Sets them so that systemd does not write its own idea of the limits when it is reloaded. On
// return they are in the cgroup's files.
Status set_unit_properties(const UnitRecord& unit, const std::vector<UnitProperty>& properties);

// Moves another process to the container's processes, like StartedUnit::attach(). `path` is that of
// the container's cgroup, which may be below the unit's.
Status attach_to_unit(const UnitRecord& unit, std::string_view path, pid_t pid);

// Ends the unit and its cgroup, whose processes should be gone. It is not an error if there is no
// such unit; another unit of the same name is left alone.
Status stop_unit(const UnitRecord& unit);

}  // namespace sampan
