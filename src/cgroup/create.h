// A container's cgroups: made, entered and limited by launch/.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "cgroup/enter.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "cgroup/systemd/scope.h"

namespace sampan {

// Owns the cgroups of a container that is being made: those made by it vanish with it, unless
// released.
class [[nodiscard]] Cgroup {
  public:
    Cgroup() = default;
    Cgroup(CgroupRecord record, CgroupJoin join, StartedUnit unit)
        : record_(std::move(record)),
          join_(std::move(join)),
          unit_(std::move(unit)),
          owned_(true) {}
    Cgroup(Cgroup&& other) noexcept;
    Cgroup& operator=(Cgroup&& other) noexcept;
    Cgroup(const Cgroup&) = delete;
    Cgroup& operator=(const Cgroup&) = delete;
    ~Cgroup();

    [[nodiscard]] const CgroupRecord& record() const { return record_; }
    [[nodiscard]] const CgroupJoin& join() const { return join_; }
    [[nodiscard]] int clone_fd() const { return join_.clone_fd(); }

    // Called once init is cloned, while it waits: systemd moves it where the kernel did not let us,
    // and the helper that kept the unit alive leaves.
    [[nodiscard]] Status take_in(pid_t init);
    // Before init joins, so that limits count from its first page; delegates the cgroup where the
    // plan says so. Errors carry the pointer.
    [[nodiscard]] Status apply_resources(const CgroupPlan& plan) const;
    // The allowed device list. After init made its mounts, for one of a block device needs that
    // device; before the hooks and the program run. Creating nodes is always allowed.
    [[nodiscard]] Status apply_devices(const CgroupPlan& plan) const;

    // Removes what was made, as the destructor does, and tells what stays behind.
    [[nodiscard]] Status remove();
    // Nobody joins any more: gives the descriptors for it back.
    void end_joining();
    // The container's from now on: destruction removes nothing. The descriptors are closed.
    void release();

  private:
    CgroupRecord record_;
    CgroupJoin join_;
    StartedUnit unit_;
    bool owned_ = false;
};

// What create_cgroup() is about to make, for a record that is written before it: looks which
// directories exist. `description` is for people, and for delete to know the unit again: no two
// containers may have the same.
Result<CgroupRecord> foresee_cgroup(const CgroupPlan& plan, const std::string& description);

// Makes the directories, enables controllers on the way (v2), fills cpuset.cpus and cpuset.mems
// (v1). A cgroup that exists and is frozen or has processes is refused. On failure everything made
// is removed again.
Result<Cgroup> create_cgroup(const CgroupPlan& plan, const std::string& description);

}  // namespace sampan
