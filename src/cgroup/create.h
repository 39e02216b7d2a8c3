// A container's cgroups: made, entered and limited by launch/.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "cgroup/enter.h"
#include "cgroup/plan.h"
#include "cgroup/record.h"
#include "cgroup/steps.h"
#include "cgroup/systemd/scope.h"

namespace sampan {

// Carries out the steps of a CgroupPlan, and owns the cgroups of a container that is being made:
// those made by it vanish with it, unless released.
class [[nodiscard]] Cgroup {
  public:
    Cgroup() = default;
    // Nothing is made yet. `plan` outlives it. `description`: as of foresee_cgroup().
    Cgroup(const CgroupPlan& plan, std::string description)
        : plan_(&plan), description_(std::move(description)), owned_(true) {}
    Cgroup(Cgroup&& other) noexcept;
    Cgroup& operator=(Cgroup&& other) noexcept;
    Cgroup(const Cgroup&) = delete;
    Cgroup& operator=(const Cgroup&) = delete;
    ~Cgroup();

    [[nodiscard]] const CgroupRecord& record() const { return record_; }
    [[nodiscard]] const CgroupJoin& join() const { return join_; }
    [[nodiscard]] int clone_fd() const { return join_.clone_fd(); }

    [[nodiscard]] Status apply(const StartUnit& step);
    // Makes the directory, enables controllers on the way (v2), fills cpuset.cpus and cpuset.mems
    // (v1). A cgroup that exists and is frozen or has processes is refused. On failure everything
    // that this made is removed again.
    [[nodiscard]] Status apply(const MakeCgroup& step);
    // Errors carry the pointer of what asked for the limit.
    [[nodiscard]] Status apply(const CheckMemoryInUse& step);
    [[nodiscard]] Status apply(const LimitCgroup& step);
    [[nodiscard]] Status apply(const DelegateCgroup& step);
    [[nodiscard]] Status apply(const AttachDeviceProgram& step);
    [[nodiscard]] Status apply(const TellUnit& step);
    // The step LeaveUnit, once init is cloned and waits: systemd moves it where the kernel did not
    // let us, and the helper that kept the unit alive leaves.
    [[nodiscard]] Status take_in(pid_t init);

    // Removes what was made, as the destructor does, and tells what stays behind.
    [[nodiscard]] Status remove();
    // Nobody joins any more: gives the descriptors for it back.
    void end_joining();
    // The container's from now on: destruction removes nothing. The descriptors are closed.
    void release();

  private:
    [[nodiscard]] Status make(const CgroupDirectory& directory, bool required);
    [[nodiscard]] Status enter_unit(const CgroupDirectory& directory);
    // Null where the container goes without it.
    [[nodiscard]] const CgroupPlace* find_place(size_t directory) const;

    const CgroupPlan* plan_ = nullptr;
    std::string description_;
    CgroupRecord record_;
    CgroupJoin join_;
    StartedUnit unit_;
    bool owned_ = false;
};

// What the steps are about to make, for a record that is written before it: looks which
// directories exist. `description` is for people, and for delete to know the unit again: no two
// containers may have the same.
Result<CgroupRecord> foresee_cgroup(const CgroupPlan& plan, const std::string& description);

}  // namespace sampan
