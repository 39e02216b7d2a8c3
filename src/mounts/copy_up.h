// tmpcopyup (config.md#linux-mount-options): a tmpfs that starts with the content of what it
// covers.
#pragma once

#include "base/result.h"

namespace sampan {

// What the folder `to` itself keeps, because its options set it.
struct KeptFacts {
    bool uid = false;
    bool gid = false;
    bool mode = false;
};

// Copies the content of the folder `from`, and its own owner and mode, into the folder `to`: files,
// folders, links and nodes, with owners and modes. Extended attributes are not copied, and a file
// with several names becomes several files. Links are copied, never followed; only regular files
// and folders are opened. `proc` is a procfs that was checked.
Status copy_up(int proc, int from, int to, const KeptFacts& kept);

}  // namespace sampan
