// The limits of linux.resources, each in the directory that has its controller; pure. This file has
// what is the same for both versions of cgroups; limits_v1 and limits_v2 have the rest.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cgroup/values.h"

namespace sampan {

// A warning for each limit that cgroup v2 does not have and that every runtime ignores there: those
// of kernel memory, which counts as memory.
std::vector<Problem> limits_passed_over(const spec::Resources& resources,
                                        const std::vector<CgroupDirectory>& directories);

// Adds everything of `resources` except devices to `directories`, which already have their places
// and controllers: the writes, and the check of memory in use. A directory that gets a write
// becomes `required`. If a controller is missing, the error names it and the field.
Status plan_limits(const spec::Resources& resources,
                   const PresentLimits& present,
                   std::vector<CgroupDirectory>& directories);

// By this the planners of both versions collect their writes: those of one controller that come
// from one object of /linux/resources.
class WriteList {
  public:
    WriteList(std::string_view controller, std::string_view pointer)
        : controller_(controller), pointer_(pointer) {}

    // `field` is the rest of the pointer: "/limit". The reference is valid until the next add().
    CgroupWrite& add(std::string_view file, std::string value, std::string_view field) {
        writes_.push_back({.controller = controller_,
                           .file = std::string(file),
                           .value = std::move(value),
                           .origin = pointer_ + std::string(field)});
        return writes_.back();
    }
    [[nodiscard]] std::string origin(std::string_view field) const {
        return pointer_ + std::string(field);
    }
    void move_to(std::vector<CgroupWrite>& all) {
        for (CgroupWrite& write : writes_)
            all.push_back(std::move(write));
        writes_.clear();
    }

  private:
    std::string controller_;
    std::string pointer_;
    std::vector<CgroupWrite> writes_;
};

// -1 is "max".
std::string limit_or_max(int64_t limit);

// Limits that both versions have, in the same files or in files that only have other names.
// "mlx5_1 hca_handle=3 hca_object=10000" for rdma.max.
void add_rdma(const spec::Resources& resources, std::vector<CgroupWrite>& all);
void add_pids(const spec::Resources& resources, std::vector<CgroupWrite>& all);
void add_cpuset(const spec::Cpu& cpu, std::vector<CgroupWrite>& all);
void add_idle(const spec::Cpu& cpu, WriteList& list);
void add_burst(const spec::Cpu& cpu, std::string_view file, WriteList& list);
// Reservations come first, then page faults (config-linux.md#huge-page-limits): a kernel that does
// not account reservations has only the second file. `limit_file`: the end of the files' names.
void add_hugepages(const spec::Resources& resources,
                   std::string_view limit_file,
                   std::vector<CgroupWrite>& all);

// Whether the quota is written before the period, if both change (v1). Their ratio must never
// exceed that of the parent. One of the two orders guarantees it: there the ratio between the two
// writes is not larger than the ratio before or after both.
bool quota_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// The same for the real-time scheduler.
bool realtime_runtime_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// The burst must never exceed the quota.
bool burst_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// An idle cgroup refuses a weight.
bool idle_goes_first(const spec::Cpu& cpu, const PresentLimits& present);
// Checks what the kernel would refuse with only "Invalid argument". The error has the pointer.
Status check_against(const spec::Cpu& cpu, const PresentLimits& present);

}  // namespace sampan
