// The namespaces with which a container was made, for processes that join it later. They do not
// follow the container's first process wherever it has moved meanwhile: above all not into a user
// namespace that it has made, in which it has all rights over them.
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
    bool own = false;  // from config.json, new or joined; otherwise from the caller of create
    // Of the file in /proc/PID/ns. 0: not known, in the record of an earlier sampan.
    uint64_t device = 0;
    uint64_t inode = 0;
    bool operator==(const NamespaceRecord&) const = default;
};

// The namespaces of the container's first process before its program runs, read from `proc` (a
// checked procfs, here and below).
Result<std::vector<NamespaceRecord>> record_namespaces(int proc,
                                                       pid_t init,
                                                       const NamespacePlan& plan);
// What config.json alone says about them. Pure.
std::vector<NamespaceRecord> namespaces_of(const NamespacePlan& plan);

// What another process joins. Of the types that are the container's own, it joins the present
// namespaces of `init`. Of the others, it joins those that `init` still has from the caller of
// create. The user namespace is the recorded one, or none, whatever `init` has done. Namespaces in
// which we already are are left out.
struct NamespacesToJoin {
    int types = 0;  // CLONE_NEW*, without CLONE_NEWUSER
    Fd user;        // invalid: none
};
Result<NamespacesToJoin> namespaces_to_join(int proc,
                                            pid_t init,
                                            const std::vector<NamespaceRecord>& record);
// Joins them, in the order that our rights demand. `init`: a pidfd.
Status join_namespaces_of(int init, const NamespacesToJoin& joins);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<NamespaceRecord>();
}  // namespace sampan::spec
