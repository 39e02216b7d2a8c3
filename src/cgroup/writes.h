// How the planners of resources collect their writes.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cgroup/plan.h"

namespace sampan {

// Writes of one controller that come from one object of /linux/resources.
class WriteList {
  public:
    WriteList(std::string_view controller, std::string_view pointer)
        : controller_(controller), pointer_(pointer) {}

    // `field` is the rest of the pointer: "/limit". The reference is good until the next add().
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

// What spec/check leaves open, because only the files of cgroups make it wrong. Errors carry their
// pointers.
Status check_resources(const spec::Resources& resources);

// "mlx5_1 hca_handle=3 hca_object=10000" for rdma.max, which is the same on both versions.
void add_rdma(const spec::Resources& resources, std::vector<CgroupWrite>& all);

}  // namespace sampan
