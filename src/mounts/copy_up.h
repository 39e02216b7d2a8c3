// tmpcopyup (config.md#linux-mount-options): a tmpfs that starts with what it covers.
#pragma once

#include "base/result.h"

namespace sampan {

// What the folder `to` itself keeps, since its options say so.
struct KeptFacts {
    bool uid = false;
    bool gid = false;
    bool mode = false;
};

// Copies what is in the folder `from` into the folder `to`, and its own owner and mode: files,
// folders, links, nodes, with owners and modes; no extended attributes, and a file of several names
// becomes several files. Links are copied, never followed; nothing but regular files and folders is
// opened. `proc` is a procfs that was checked.
Status copy_up(int proc, int from, int to, const KeptFacts& kept);

}  // namespace sampan
