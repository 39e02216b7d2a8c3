// `update`: other limits for a container that is there. Nothing of it is remembered: the limits are
// in the files of its cgroups, where the kernel has them and later commands read them, and the kept
// config.json stays what the container was made from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/store.h"
#include "spec/resources.h"

namespace sampan {

struct UpdateRequest {
    spec::Resources resources;  // what is absent, or stands for it, stays
    // The limit of processes was given by hand: 0 is no sign of a structure that nobody filled in.
    bool zero_pids_is_meant = false;
    // For the container's resctrl group.
    std::vector<std::string> rdt_lines;
};

// Not of a stopped container. All or nothing: after an error everything is as it was. Pointers of
// errors begin with /linux/resources or /linux/intelRdt. A request for nothing succeeds.
Status update_container(const Store& store, const std::string& name, const UpdateRequest& request);

}  // namespace sampan
