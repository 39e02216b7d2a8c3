// Which namespaces a container was made with, for the processes that join it later. They do not
// follow its first process wherever that may have gone meanwhile: above all not into a user
// namespace of its own making, in which it has all rights over them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "linux/namespaces.h"
#include "os/fd.h"
#include "spec/object_type.h"

namespace sampan {

struct NamespaceRecord {
    spec::NamespaceType type{};
    bool own = false;  // of config.json, new or joined; otherwise that of the caller of create
    // The file below /proc/PID/ns. 0: not known, in the record of an earlier sampan.
    uint64_t device = 0;
    uint64_t inode = 0;
    bool operator==(const NamespaceRecord&) const = default;
};

// Those of the container's first process before its program runs, read below `proc` (a checked
// procfs) here and below.
Result<std::vector<NamespaceRecord>> record_namespaces(int proc,
                                                       pid_t init,
                                                       const NamespacePlan& plan);
// What is known of them from config.json alone. Pure.
std::vector<NamespaceRecord> namespaces_of(const NamespacePlan& plan);

// What a further process joins: of the container's own types those of `init` as it is now; of the
// others those that it still has from the caller of create; and, whatever `init` did, the user
// namespace that is recorded, or none. Ours are left out.
struct NamespacesToJoin {
    int types = 0;  // CLONE_NEW*, without CLONE_NEWUSER
    Fd user;        // invalid: none
};
Result<NamespacesToJoin> namespaces_to_join(int proc,
                                            pid_t init,
                                            const std::vector<NamespaceRecord>& record);
// Joins them, in whichever order we have the rights to. `init`: a pidfd.
Status join_namespaces_of(int init, const NamespacesToJoin& joins);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<NamespaceRecord>();
}  // namespace sampan::spec
