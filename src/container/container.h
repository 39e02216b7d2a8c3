// A container that exists, found by its ID or its bundle.
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

// `name` is an ID or, with a slash in it, the path of a bundle: then it means the container that
// was made from this bundle. An error of the kind not_found if there is none.
Result<Container> find_container(const Store& store, const std::string& name);

// Finds it again, once the lock of `locked` is held, or after a wait. Meanwhile the container may
// have been destroyed, and another one may have been made with its ID: that is an error of the kind
// not_found.
Result<Container> find_locked(const Store& store, const Folder& locked);

// The same, without the status.
Result<Folder> find_again(const Store& store, const Folder& locked);

// For an operation that changes a container: the lock is held, and the present status allows the
// operation. `start` and `remove` wait for a create that is under way.
struct LockedContainer {
    Lock lock;
    Container container;
};
Result<LockedContainer> lock_for(Operation operation, const Store& store, const std::string& name);
// The same for one that was found before; it waits for no create.
Result<LockedContainer> lock_for(Operation operation, const Store& store, const Container& found);

// All containers, sorted by ID. Those that cannot be read are in `broken`, and hide no others.
struct BrokenContainer {
    std::string id;
    Error why;
};
struct Listing {
    std::vector<Container> containers;
    std::vector<BrokenContainer> broken;
};
Result<Listing> list_containers(const Store& store);

// The first part of find_container(): only the folder, even if the container has no record.
Result<Folder> find_folder(const Store& store, const std::string& name);

// A descriptor of the container's first process, and never of another one that got its number. The
// error is "container not running" if it has ended.
Result<Fd> open_init(const Record& record);

HookIdentity identity_of(const Record& record);
// The config.json that create read.
Result<Spec> read_kept_config(const Folder& folder);
Result<spec::Hooks> read_hooks(const Folder& folder);

}  // namespace sampan
