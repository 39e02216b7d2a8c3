// Removes directories of cgroups: when a create is undone, and at delete.
#pragma once

#include "base/result.h"
#include "cgroup/files.h"
#include "cgroup/record.h"

namespace sampan {

// Removes what we have made of `place`, and everything that was made below it. Waits until the
// deadline for processes that are ending. Directories on the way that sampan has made, for any
// container, are removed too unless others use them.
Status remove_place(const CgroupPlace& place, Deadline deadline);

// Removes all places of the record except those that another container has taken over. cgroup v2
// goes first, because it announces the end of the last process, which is then gone from the v1
// hierarchies too. Tries all of them, and returns the first error.
Status remove_places(const CgroupRecord& record, Deadline deadline);

// Removes the cgroups that we have made, and those that the container has made below them. Kills
// nothing: waits up to `timeout_ms` for processes that are ending; the error names those that stay.
Status remove_cgroup(const CgroupRecord& record, int timeout_ms = 2000);

}  // namespace sampan
