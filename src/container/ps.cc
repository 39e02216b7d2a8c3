#include "container/ps.h"

#include "cgroup/kill.h"
#include "container/container.h"

namespace sampan {

Result<std::vector<pid_t>> container_processes(const Store& store, const std::string& name) {
    const Container container = TRY(find_container(store, name));
    TRY(allow(Operation::ps, container.status, container.record.id));
    if (container.record.cgroup.places.empty() && container.status != ContainerStatus::stopped)
        return fail("the container has no cgroup of its own, which would list them");
    return processes(container.record.cgroup);
}

}  // namespace sampan
