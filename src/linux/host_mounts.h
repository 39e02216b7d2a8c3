// Mounts of a container that has no mount namespace of its own: they are the host's, so that they
// do not vanish with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/mountinfo.h"
#include "spec/object_type.h"

namespace sampan {

// What delete has to unmount: all at and below `root` but what was there before.
struct HostMountsRecord {
    std::string root;  // links resolved
    std::vector<uint32_t> before;
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

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<HostMountsRecord>();
}  // namespace sampan::spec
