// Removing directories of cgroups: by the owner that is undone, and at delete.
#pragma once

#include "base/result.h"
#include "cgroup/files.h"
#include "cgroup/record.h"

namespace sampan {

// Removes what we made of `place`, with everything that was made below it. Waits for processes that
// are ending until the deadline. Directories on the way that sampan made, for whichever container,
// go too unless others use them.
Status remove_place(const CgroupPlace& place, Deadline deadline);

// All places of the record but those that another container has taken over. cgroup v2 goes first:
// there the end of the last process is told, and after it the same process is gone from the v1
// hierarchies too. The first error, after trying all.
Status remove_places(const CgroupRecord& record, Deadline deadline);

// Removes the cgroups that we made and what the container made below them. Kills nothing: waits up
// to `timeout_ms` for processes that are ending, and names those that stay in the error.
Status remove_cgroup(const CgroupRecord& record, int timeout_ms = 2000);

}  // namespace sampan
