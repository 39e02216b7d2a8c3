#include "container/pause.h"

#include "cgroup/operations.h"
#include "container/container.h"

namespace sampan {

Status pause_container(const Store& store, const std::string& name) {
    // A delete that is under way would wait for processes that we have just frozen (v1).
    const LockedContainer locked = TRY(lock_for(Operation::pause, store, name));
    return freeze(locked.container.record.cgroup);
}

// Without the lock: a start that waits for a frozen container, whoever froze it, holds it.
Status resume_container(const Store& store, const std::string& name) {
    const Container container = TRY(find_container(store, name));
    TRY(allow(Operation::resume, container.status, container.record.id));
    return thaw(container.record.cgroup);
}

}  // namespace sampan
