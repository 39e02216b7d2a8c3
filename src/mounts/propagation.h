// How mounts propagate between the container and the host
// (config-linux.md#rootfs-mount-propagation, config.md#linux-mount-options, mount_namespaces(7)).
// Pure.
//
// A mount may share what is mounted below it with peers (shared), get it from a master (slave), or
// neither (private; an unbindable mount cannot be bound either). First all mounts are cut off from
// those of the host. Then each word changes what it names:
//
//     rootfsPropagation        the root                     mounts below it, and binds
//     absent, private          private                      private
//     unbindable               unbindable                   private
//     slave                    slave of the host's          slaves of the host's
//     shared                   the same, in a new group     slaves of the host's
//
//     option of a bind         the mount itself             those below (rbind)
//     none                     as the table above says      the same
//     private, unbindable      private, unbindable          as the table above says
//     slave                    slave of the host's          slaves of the host's
//     shared                   the same, in a new group     slaves of the host's
//     rprivate, runbindable    private, unbindable          the same
//     rslave                   slave of the host's          slaves of the host's
//     rshared                  the host's own peer group    the same
//
// A new group has members in the container only, and nested containers may join it: nothing that is
// mounted inside reaches the host. Only rshared leaves a mount among its peers on the host; if it
// has none there, it joins a new group too. A new file system has no peers, so that its words only
// have an effect within the container.
#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <optional>

#include "mounts/mount_options.h"
#include "spec/config.h"

namespace sampan {

// MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE of linux.rootfsPropagation.
[[nodiscard]] std::optional<uint64_t> root_propagation(const Spec& spec);

// How all mounts of the namespace are cut off from the host's: as slaves when something asks to see
// the host's later mounts (rootfsPropagation, an option of a mount), as private ones otherwise.
[[nodiscard]] Propagation initial_propagation(const Spec& spec);

// True when a bind with these changes stays in the peer groups of the host.
[[nodiscard]] bool shares_with_host(const MountChanges& changes);

// How the copy for a bind that does not is cut off, with all that is below, before its words act.
[[nodiscard]] Propagation propagation_of_copy(const Spec& spec, const MountChanges& changes);
// The same for the root's.
[[nodiscard]] Propagation propagation_of_root(const Spec& spec);

// For what is copied from the host for our own purposes (a device, a mask): what is mounted on the
// one must not be seen on the other, in neither direction.
inline constexpr Propagation no_propagation{MS_PRIVATE, Reach::whole_tree};

}  // namespace sampan
