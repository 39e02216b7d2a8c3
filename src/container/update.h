// `update`: changes limits of an existing container. They are not recorded: they are in the files
// of its cgroups, where the kernel has them and later commands read them. The kept config.json
// stays as create read it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/store.h"
#include "spec/resources.h"

namespace sampan {

struct UpdateRequest {
    spec::Resources resources;  // what is absent, or means so, stays as it is
    // The limit of processes was given by hand: so 0 does not mean that somebody left it unset.
    bool zero_pids_is_meant = false;
    // For the container's resctrl group.
    std::vector<std::string> rdt_lines;
};

// Not allowed for a stopped container. It changes all or nothing. Pointers of errors begin with
// /linux/resources or /linux/intelRdt. An empty request succeeds.
Status update_container(const Store& store, const std::string& name, const UpdateRequest& request);

}  // namespace sampan
