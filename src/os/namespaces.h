// Namespace system calls and descriptors.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Joins the namespace behind `fd`. If the descriptor is not a namespace of `type` (CLONE_NEW*),
// that is an error.
Status join_namespace(int fd, int type);
Status leave_namespaces(int types);  // unshare(2)

// The inode of our pid namespace; 0 if the kernel has none. It is an error if /proc is not mounted
// or shows the processes of another pid namespace: then a pid says nothing about a process.
Result<uint64_t> our_pid_namespace();

// How far the boot clock of our time namespace is ahead of the host's, in clock ticks of proc(5),
// rounded down (time_namespaces(7)).
Result<int64_t> boot_offset_ticks();

// A mount namespace. When it is gone, its inode number may be given to another one.
struct MountNamespace {
    uint64_t inode = 0;
    uint64_t id = 0;  // never used again; 0 if the kernel has none (before Linux 6.11)
    bool operator==(const MountNamespace&) const = default;
};
Result<MountNamespace> mount_namespace_of(int fd);

}  // namespace sampan
