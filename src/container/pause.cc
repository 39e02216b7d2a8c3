#include "container/pause.h"

#include "cgroup/freeze.h"
#include "container/container.h"

namespace sampan {

// Takes two locks: that of the container, because a delete that is under way would wait for
// processes that we have just frozen (v1); and that of its freezer, so that a resume comes before
// or after.
Status pause_container(const Store& store, const std::string& name) {
    const LockedContainer locked = TRY(lock_for(Operation::pause, store, name));
    const Lock freezer = TRY(locked.container.folder.lock_freezer());
    return freeze(locked.container.record.cgroup);
}

// Takes only the lock of the freezer: a start or exec that waits for the frozen container may hold
// the other one.
Status resume_container(const Store& store, const Folder& folder) {
    const Lock freezer = TRY(folder.lock_freezer());
    const Container container = TRY(find_locked(store, folder));
    TRY(allow(Operation::resume, container.status, container.record.id));
    return thaw(container.record.cgroup);
}

}  // namespace sampan
