// Mounts of a container without a mount namespace of its own: they are in the mount namespace of
// the caller of create, so that they do not vanish with the container.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"
#include "os/mountinfo.h"
#include "spec/object_type.h"

namespace sampan {

// What delete must unmount: everything at and below `root` except what was there before.
struct HostMountsRecord {
    std::string root;  // links resolved
    std::vector<uint32_t> before;
    // The mount namespace in which they are (os/namespaces.h).
    uint64_t namespace_inode = 0;
    uint64_t namespace_id = 0;
    bool operator==(const HostMountsRecord&) const = default;
};

// For the record, before anything is mounted. Here and below `proc` is a checked procfs.
Result<HostMountsRecord> foresee_host_mounts(int proc, const std::string& rootfs);

// Those of `mounts` that must be unmounted, in the right order. Pure.
std::vector<MountedPlace> mounts_to_remove(const HostMountsRecord& record,
                                           std::vector<MountedPlace> mounts);

// To be called when no process of the container is left. `proc` must have been opened before
// anything of the container existed: its mounts may have covered the name.
Status remove_host_mounts(int proc, const HostMountsRecord& record);

// Whether they are in our mount namespace.
Result<bool> are_in_our_namespace(int proc, const HostMountsRecord& record);
// The mount namespace in which they are, for join_namespace(): found by a process that is in it, or
// by a file on which it is bound. Invalid if there is neither: then the namespace is gone, with
// everything mounted in it.
Result<Fd> find_their_namespace(int proc, const HostMountsRecord& record);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<HostMountsRecord>();
}  // namespace sampan::spec
