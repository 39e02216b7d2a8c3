#include "container/pause.h"

#include "cgroup/operations.h"
#include "container/container.h"

namespace sampan {

Status pause_container(const Store& store, const std::string& name) {
    const Container found = TRY(find_container(store, name));
    TRY(allow(Operation::pause, found.status, found.record.id));
    // A delete that is under way would wait for processes that we have just frozen (v1).
    const Lock lock = TRY(found.folder.lock());
    const Container container = TRY(find_locked(store, found.folder));
    TRY(allow(Operation::pause, container.status, container.record.id));
    return freeze(container.record.cgroup);
}

// Without the lock: a start that waits for a frozen container, whoever froze it, holds it.
Status resume_container(const Store& store, const std::string& name) {
    const Container container = TRY(find_container(store, name));
    TRY(allow(Operation::resume, container.status, container.record.id));
    return thaw(container.record.cgroup);
}

}  // namespace sampan
