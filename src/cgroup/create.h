// A container's cgroups while it is being made. launch/ makes, enters and limits them by this
// class.
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

// Carries out the steps of a CgroupPlan. It owns the cgroups of a container that is being made:
// those that it has made are removed with it, unless they are released.
class [[nodiscard]] Cgroup {
  public:
    Cgroup() = default;
    // Makes nothing yet. `plan` must outlive it. `description`: see foresee_cgroup(). `origin`: for
    // people who find the cgroup in use (CgroupOwner).
    Cgroup(const CgroupPlan& plan, std::string description, std::string origin)
        : plan_(&plan),
          description_(std::move(description)),
          origin_(std::move(origin)),
          owned_(true) {}
    Cgroup(Cgroup&& other) noexcept;
    Cgroup& operator=(Cgroup&& other) noexcept;
    Cgroup(const Cgroup&) = delete;
    Cgroup& operator=(const Cgroup&) = delete;
    ~Cgroup();

    [[nodiscard]] const CgroupRecord& record() const { return record_; }
    [[nodiscard]] const CgroupJoin& join() const { return join_; }
    [[nodiscard]] int clone_fd() const { return join_.clone_fd(); }

    [[nodiscard]] Status apply(const StartUnit& step);
    // It is not an error if we cannot: then the directory may get no controllers.
    [[nodiscard]] Status apply(const StepAside& step);
    // Makes the directory, enables controllers on the way (v2), and fills cpuset.cpus and
    // cpuset.mems (v1). An existing cgroup is refused if it is frozen or has processes. On failure
    // everything that this made is removed again.
    [[nodiscard]] Status apply(const MakeCgroup& step);
    // Errors have the pointer of what asked for the limit.
    [[nodiscard]] Status apply(const CheckMemoryInUse& step);
    [[nodiscard]] Status apply(const LimitCgroup& step);
    [[nodiscard]] Status apply(const DelegateCgroup& step);
    [[nodiscard]] Status apply(const MakeInnerCgroup& step);
    [[nodiscard]] Status apply(const DelegateInnerCgroup& step);
    [[nodiscard]] Status apply(const AttachDeviceProgram& step);
    [[nodiscard]] Status apply(const TellUnit& step);
    // The step LeaveUnit, once init is cloned and waits. If the kernel did not let us move init
    // into the unit, systemd does it now. Then the helper that kept the unit alive leaves.
    [[nodiscard]] Status take_in(pid_t init);

    // Removes what was made, like the destructor, but returns what could not be removed.
    [[nodiscard]] Status remove();
    // Nobody joins any more: closes the descriptors for that.
    void end_joining();
    // From now on the cgroups belong to the container: destruction removes nothing. Closes the
    // descriptors.
    void release();

  private:
    [[nodiscard]] Status make(const CgroupDirectory& directory, bool required);
    // Makes what systemd has not made: the cgroup in hierarchies of v1 that systemd does not use.
    [[nodiscard]] Status enter_unit(const CgroupDirectory& directory, bool required);
    [[nodiscard]] Status open_unit(const CgroupDirectory& directory, const CgroupPlace& place);
    // Null if the container does without it.
    [[nodiscard]] const CgroupPlace* find_place(size_t directory) const;

    const CgroupPlan* plan_ = nullptr;
    std::string description_;
    std::string origin_;
    CgroupRecord record_;
    CgroupJoin join_;
    StartedUnit unit_;
    bool moved_by_systemd_ = false;
    bool owned_ = false;
};

// What the steps are about to make, for a record that is written before they do. It looks which
// directories exist. `description` is for people, and lets delete recognise the unit: no two
// containers may have the same.
Result<CgroupRecord> foresee_cgroup(const CgroupPlan& plan, const std::string& description);

}  // namespace sampan
