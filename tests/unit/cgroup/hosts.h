// Machines for planners, filled in by hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/host.h"

namespace sampan::test {

inline CgroupHierarchy hierarchy(std::string mount_point, std::vector<std::string> controllers) {
    return {.controllers = std::move(controllers), .mount_point = std::move(mount_point)};
}

inline Host root_on_v2() {
    Host host;
    host.capabilities = ~uint64_t{0};
    host.cgroups.mode = CgroupMode::v2;
    host.cgroups.unified =
        hierarchy("/sys/fs/cgroup", {"cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"});
    return host;
}

inline Host root_on_hybrid() {
    Host host;
    host.capabilities = ~uint64_t{0};
    host.cgroups.mode = CgroupMode::hybrid;
    host.cgroups.hierarchies = {
        hierarchy("/sys/fs/cgroup/cpu,cpuacct", {"cpu", "cpuacct"}),
        hierarchy("/sys/fs/cgroup/cpuset", {"cpuset"}),
        hierarchy("/sys/fs/cgroup/memory", {"memory"}),
        hierarchy("/sys/fs/cgroup/devices", {"devices"}),
        hierarchy("/sys/fs/cgroup/systemd", {"name=systemd"}),
    };
    host.cgroups.unified = hierarchy("/sys/fs/cgroup/unified", {"pids"});
    return host;
}

inline Host user_on_v2() {
    Host host = root_on_v2();
    host.euid = 1000;
    host.capabilities = 0;
    host.cgroups.unified->own_path =
        "/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope";
    return host;
}

}  // namespace sampan::test
