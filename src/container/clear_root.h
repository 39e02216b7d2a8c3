// Cleans the root file system up after the container.
#pragma once

#include <vector>

#include "container/store.h"
#include "mounts/made_in_root.h"

namespace sampan {

// Undoes what create made in the root, unless another container of the store has the same root:
// that one may have found these files there, and may have mounts on them. What is undone is removed
// from the record. Returns what could not be removed.
std::vector<Error> clear_root(const Store& store, Record& record, Undo what);

}  // namespace sampan
