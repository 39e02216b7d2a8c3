// Namespace system calls and descriptors.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Joins the namespace behind `fd`; `type` (CLONE_NEW*) makes another kind of file an error.
Status join_namespace(int fd, int type);
Status leave_namespaces(int types);  // unshare(2)

// The pid namespace in which we are, by its inode; 0 where the kernel has none. An error where
// /proc is not there or shows the processes of another one: then nothing can be told of a process
// by its pid.
Result<uint64_t> our_pid_namespace();

// How far the clock of our time namespace is ahead of the host's since boot, in clock ticks of
// proc(5), rounded down (time_namespaces(7)).
Result<int64_t> boot_offset_ticks();

// A mount namespace. The inode number alone is given to another one once it is gone.
struct MountNamespace {
    uint64_t inode = 0;
    uint64_t id = 0;  // never given again; 0 where the kernel tells none (before Linux 6.11)
    bool operator==(const MountNamespace&) const = default;
};
Result<MountNamespace> mount_namespace_of(int fd);

}  // namespace sampan
