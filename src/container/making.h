// What create and restore have in common: the container's folder, its record and its cgroups, and
// how they are undone.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "cgroup/create.h"
#include "container/container.h"
#include "container/pid_file.h"
#include "os/lock.h"
#include "os/made.h"
#include "plan/plan.h"
#include "spec/spec.h"

namespace sampan {

// A container that is being made, by the steps of a plan: everything is recorded before it is done,
// so that it can be undone if we are killed. Those who derive from it walk the plan, and do the
// steps about processes.
class Making {
  public:
    Status apply(const MakeFolder& step);
    Status apply(const MakeNotifyFolder& step);
    Status apply(const StartUnit& step) { return cgroup_.apply(step).in("making the cgroup"); }
    Status apply(const MakeCgroup& step) { return cgroup_.apply(step).in("making the cgroup"); }
    Status apply(const MakeRdtGroup& step);
    template <class Step>
    requires requires(Cgroup& cgroup, const Step& step) { cgroup.apply(step); }
    Status apply(const Step& step) { return cgroup_.apply(step); }

  protected:
    Making(const Store& store, const SpecFile& file, const Plan& plan, Warnings& warnings)
        : store_(store), file_(file), plan_(plan), warnings_(warnings) {}

    // Sets memory aside that undo() gives up first, so that a failure for lack of memory leaves
    // enough to undo what was made.
    void set_memory_aside();
    // The record, before anything is in it that must be undone, and config.json. `proc`: a checked
    // procfs.
    Status record_intent(int proc);
    // Reports what is made in the root, after record_intent(). Each file is recorded before it is
    // made.
    MadeLog log_of_root();
    Status record_init(pid_t pid);
    // The container is complete, and `pid` is its first process.
    Status record_ready(pid_t pid, int proc);
    Status enter_group(const EnterRdtGroup& step, pid_t pid) const;
    [[nodiscard]] bool has_made() const { return folder_.has_value(); }
    // Undoes everything; failures in doing so are warnings. Processes that we own are gone, or were
    // killed. Returns the error that is to be shown.
    Error undo(Error error, int proc);
    // What was made belongs to the container from now on.
    Container hand_over(ContainerStatus status);

    // NOLINTBEGIN(misc-non-private-member-variables-in-classes): a part of those who derive from it
    const Store& store_;
    const SpecFile& file_;
    const Plan& plan_;
    Warnings& warnings_;
    std::optional<Folder> folder_;
    std::optional<Lock> lock_;
    Record record_;
    Cgroup cgroup_;
    PidFile pid_file_;
    // Then undo() runs the poststop hooks, which take back what those did.
    bool hooks_began_ = false;
    // NOLINTEND(misc-non-private-member-variables-in-classes)

  private:
    void run_poststop_hooks();

    std::string resctrl_;  // its mount point
    RdtRecord made_rdt_;
    std::unique_ptr<std::byte[]> reserve_;
};

}  // namespace sampan
