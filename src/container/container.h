// A container that exists: found by its ID or its bundle.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/record.h"
#include "container/status.h"
#include "container/store.h"
#include "launch/hooks.h"
#include "os/lock.h"
#include "spec/config.h"

namespace sampan {

struct Container {
    Folder folder;
    Record record;
    ContainerStatus status;
};

// `name` is an ID, or (with a slash in it) the path of a bundle: then the container that was made
// from it. An error of the kind not_found when there is none.
Result<Container> find_container(const Store& store, const std::string& name);

// Again, once the lock of `locked` is held: it may have been destroyed while we waited, and its ID
// may be another container's by now, whose lock we do not hold.
Result<Container> find_locked(const Store& store, const Folder& locked);

// The same for who needs no status.
Result<Folder> find_again(const Store& store, const Folder& locked);

// For an operation that changes a container: the lock is held, and the status of now allows it.
// `start` and `remove` wait for a create that is under way.
struct LockedContainer {
    Lock lock;
    Container container;
};
Result<LockedContainer> lock_for(Operation operation, const Store& store, const std::string& name);

// All of them, by ID. One that cannot be read is told in `broken`, and hides no other.
struct Listing {
    std::vector<Container> containers;
    std::vector<Error> broken;
};
Result<Listing> list_containers(const Store& store);

// What find_container() does first: the folder alone, also of a container without a record.
Result<Folder> find_folder(const Store& store, const std::string& name);

// A descriptor of the container's first process, and never of another one that got its number.
// "container not running" when it has ended.
Result<Fd> open_init(const Record& record);

HookIdentity identity_of(const Record& record);
// The config.json as it was at create.
Result<Spec> read_kept_config(const Folder& folder);
Result<spec::Hooks> read_hooks(const Folder& folder);

}  // namespace sampan
