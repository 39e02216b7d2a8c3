// `mounts`: mounts that are added to a container which is already there, or taken away from it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/store.h"
#include "spec/mount.h"

namespace sampan {

struct Container;

// All of them or none, also when a signal comes (os/interruption.h). Relative sources of binds
// start at the container's bundle. Pointers of errors are those of config.json: "/mounts/0". What
// the mounts are put on belongs to the container, which can make this wait (a file system that it
// serves), but cannot lead a mount out of its own mount namespace.
Status add_mounts(const Store& store,
                  const std::string& name,
                  const std::vector<spec::Mount>& mounts,
                  Warnings& warnings);

// Unmounts what add_mounts() has mounted on their destinations, wherever the container has moved it
// since. Nothing is unmounted if one of them has not been added, or is covered by another mount.
Status remove_mounts(const Store& store,
                     const std::string& name,
                     const std::vector<spec::Mount>& mounts);

// For `checkpoint`: CRIU knows mounts only that config.json has.
Status check_no_added_mounts(const Container& container);

}  // namespace sampan
