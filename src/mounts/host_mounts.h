// Mounts of a container that has no mount namespace of its own: they are in the one of the caller
// of create, so that they do not vanish with it.
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

// What delete has to unmount: all at and below `root` but what was there before.
struct HostMountsRecord {
    std::string root;  // links resolved
    std::vector<uint32_t> before;
    // Where they are (os/namespaces.h).
    uint64_t namespace_inode = 0;
    uint64_t namespace_id = 0;
    bool operator==(const HostMountsRecord&) const = default;
};

// For the record, before anything is mounted. `proc` is a checked procfs here and below.
Result<HostMountsRecord> foresee_host_mounts(int proc, const std::string& rootfs);

// Those of `mounts` that are to be unmounted, in that order. Pure.
std::vector<MountedPlace> mounts_to_remove(const HostMountsRecord& record,
                                           std::vector<MountedPlace> mounts);

// Once no process of the container is left. `proc` was opened before there was anything of the
// container's: its mounts may have covered the name.
Status remove_host_mounts(int proc, const HostMountsRecord& record);

// Whether they are in the mount namespace that we are in.
Result<bool> are_in_our_namespace(int proc, const HostMountsRecord& record);
// The mount namespace that they are in, for join_namespace(): of any process that is in it, or
// bound on a file. Invalid where there is neither: then it is gone with all that was mounted in it.
Result<Fd> find_their_namespace(int proc, const HostMountsRecord& record);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<HostMountsRecord>();
}  // namespace sampan::spec
