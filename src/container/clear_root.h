// The root file system after the container.
#pragma once

#include <vector>

#include "container/store.h"
#include "mounts/made_in_root.h"

namespace sampan {

// Undoes what create made in the root, unless another container of the store has the same root: it
// may have found these files there, and have its mounts on them. What is undone goes from the
// record. Gives what could not be removed.
std::vector<Error> clear_root(const Store& store, Record& record, Undo what);

}  // namespace sampan
