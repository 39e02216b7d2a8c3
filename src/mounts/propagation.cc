#include "mounts/propagation.h"

#include <sys/mount.h>

#include <algorithm>

namespace sampan {

namespace {

constexpr uint64_t looking_at_the_host = MS_SHARED | MS_SLAVE;

bool root_looks_at_the_host(const Spec& spec) {
    return (root_propagation(spec).value_or(0) & looking_at_the_host) != 0;
}

bool looks_at_the_host(const MountChanges& changes) {
    return std::ranges::any_of(changes.propagation, [](const Propagation& wanted) {
        return (wanted.kind & looking_at_the_host) != 0;
    });
}

Propagation cut_off(bool slave) {
    return {slave ? uint64_t{MS_SLAVE} : uint64_t{MS_PRIVATE}, Reach::whole_tree};
}

}  // namespace

std::optional<uint64_t> root_propagation(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->rootfs_propagation) return std::nullopt;
    switch (*spec.linux_->rootfs_propagation) {
        case spec::RootfsPropagation::shared:
            return MS_SHARED;
        case spec::RootfsPropagation::slave:
            return MS_SLAVE;
        case spec::RootfsPropagation::private_:
            return MS_PRIVATE;
        case spec::RootfsPropagation::unbindable:
            return MS_UNBINDABLE;
    }
    return std::nullopt;
}

Propagation initial_propagation(const Spec& spec) {
    return cut_off(root_looks_at_the_host(spec) ||
                   std::ranges::any_of(spec.mounts, [](const spec::Mount& mount) {
                       return looks_at_the_host(parse_mount_options(mount.options).changes);
                   }));
}

bool shares_with_host(const MountChanges& changes) {
    return std::ranges::find(changes.propagation, Propagation{MS_SHARED, Reach::whole_tree}) !=
           changes.propagation.end();
}

Propagation propagation_of_copy(const Spec& spec, const MountChanges& changes) {
    return cut_off(root_looks_at_the_host(spec) || looks_at_the_host(changes));
}

Propagation propagation_of_root(const Spec& spec) {
    return cut_off(root_looks_at_the_host(spec));
}

}  // namespace sampan
